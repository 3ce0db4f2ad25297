// SPDX-License-Identifier: Apache-2.0
import type { LifecycleAnswer } from './lifecycle.ts';

/** Products whose makers write them otherwise than with a capital at the front of each word. */
const PRODUCTS: Readonly<Record<string, string>> = {
  almalinux: 'AlmaLinux',
  'alpine-linux': 'Alpine',
  centos: 'CentOS',
  'centos-stream': 'CentOS Stream',
  clickhouse: 'ClickHouse',
  dotnet: '.NET',
  etcd: 'etcd',
  ghc: 'GHC',
  haproxy: 'HAProxy',
  'ibm-semeru': 'IBM Semeru',
  influxdb: 'InfluxDB',
  jruby: 'JRuby',
  mariadb: 'MariaDB',
  mongodb: 'MongoDB',
  mysql: 'MySQL',
  nginx: 'nginx',
  nodejs: 'Node.js',
  'openjdk-builds-from-oracle': 'OpenJDK',
  openssl: 'OpenSSL',
  opensuse: 'openSUSE',
  'oracle-jdk': 'Oracle JDK',
  php: 'PHP',
  phpmyadmin: 'phpMyAdmin',
  postgresql: 'PostgreSQL',
  rabbitmq: 'RabbitMQ',
  rhel: 'Red Hat Enterprise Linux',
  ros: 'ROS',
  'ros-2': 'ROS 2',
  sles: 'SLES',
  'vmware-photon': 'VMware Photon',
  wordpress: 'WordPress',
};

/** `Node.js` of `nodejs`. */
export function productName(product: string): string {
  return (
    PRODUCTS[product] ??
    product
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(' ')
  );
}

/** `Node.js 22`. */
export function productLabel({ product, cycle }: Pick<LifecycleAnswer, 'product' | 'cycle'>): string {
  return `${productName(product)} ${cycle}`;
}
