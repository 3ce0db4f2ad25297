// SPDX-License-Identifier: Apache-2.0

/**
 * The hundred repositories that Dockerfiles name most as a base or copy from. No source that was read counts them, so the
 * list is a judgement: it is where facts have to be looked up first, and nothing else depends on it.
 */
export const MOST_USED: readonly string[] = [
  ...[
    'alpine ubuntu debian busybox node python golang openjdk eclipse-temurin amazoncorretto maven gradle ruby php rust',
    'nginx httpd haproxy traefik caddy tomcat redis memcached postgres mysql mongo rabbitmq elasticsearch logstash',
    'telegraf neo4j cassandra couchdb zookeeper solr kong sonarqube drupal joomla ghost nextcloud composer',
    'registry bash buildpack-deps gcc perl erlang elixir haskell swift dart pypy fedora rockylinux almalinux amazonlinux',
    'oraclelinux adminer nats eclipse-mosquitto redmine clickhouse chronograf kapacitor open-liberty',
  ]
    .flatMap((line) => line.split(' '))
    .map((name) => `docker.io/library/${name}`),
  'docker.io/nginxinc/nginx-unprivileged',
  'docker.io/jenkins/jenkins',
  'docker.io/denoland/deno',
  'docker.io/oven/bun',
  'docker.io/valkey/valkey',
  'docker.io/nvidia/cuda',
  'docker.io/apache/kafka',
  'docker.io/pytorch/pytorch',
  'docker.io/continuumio/miniconda3',
  'ghcr.io/astral-sh/uv',
  'mcr.microsoft.com/playwright',
  'mcr.microsoft.com/dotnet/sdk',
  'mcr.microsoft.com/dotnet/aspnet',
  'mcr.microsoft.com/dotnet/runtime',
  'mcr.microsoft.com/dotnet/runtime-deps',
  'registry.access.redhat.com/ubi8',
  'registry.access.redhat.com/ubi9',
  'registry.access.redhat.com/ubi9/ubi-minimal',
  'registry.access.redhat.com/ubi9/ubi-micro',
  'gcr.io/distroless/static-debian12',
  'gcr.io/distroless/static-debian13',
  'gcr.io/distroless/base-debian12',
  'gcr.io/distroless/base-debian13',
  'gcr.io/distroless/cc-debian13',
  'gcr.io/distroless/java21-debian13',
  'gcr.io/distroless/nodejs24-debian13',
  'gcr.io/distroless/python3-debian13',
  'cgr.dev/chainguard/static',
  'cgr.dev/chainguard/wolfi-base',
  'cgr.dev/chainguard/node',
  'cgr.dev/chainguard/python',
  'cgr.dev/chainguard/go',
  'cgr.dev/chainguard/jre',
  'cgr.dev/chainguard/nginx',
];
