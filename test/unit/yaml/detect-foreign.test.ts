// SPDX-License-Identifier: Apache-2.0
// Files of other tools that look like ours more or less; none of them may be claimed.
import assert from 'node:assert/strict';
import { detectYaml } from '../../../src/core/yaml/detect.ts';

const FOREIGN: readonly (readonly [string, string, string])[] = [
  ['Kubernetes Pod', 'pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: []}\n'],
  [
    'Kubernetes ConfigMap with our keys',
    'map.yaml',
    'kind: ConfigMap\napiVersion: v1\ndata:\n  package: a\ncontents:\n  packages: [a]\n',
  ],
  [
    'Kubernetes list of several documents',
    'all.yaml',
    '---\napiVersion: v1\nkind: Secret\ndata: {}\n---\npackage: {name: a, version: 1, epoch: 0}\n',
  ],
  ['Kubernetes resource without kind', 'spec.yaml', 'metadata: {name: a}\nspec:\n  environment: []\n'],
  [
    'MachineConfig with contents',
    'mc.yaml',
    'apiVersion: machineconfiguration.openshift.io/v1\nkind: MachineConfig\nspec:\n  config:\n    storage:\n      files:\n        - contents: {source: x}\n',
  ],
  ['Compose', 'stack.yaml', 'services:\n  web:\n    image: nginx\n    environment: {A: b}\nvolumes: {}\n'],
  [
    'Compose under its name with apko keys',
    'compose.override.yaml',
    'contents: {packages: [a]}\nenvironment: {A: b}\nvolumes: []\n',
  ],
  ['Compose extension', 'x.yaml', 'x-env: &e {A: b}\nservices:\n  a: {environment: *e}\n'],
  [
    'GitHub workflow',
    'build.yaml',
    'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n        with: {ref: main}\n',
  ],
  [
    'GitHub workflow in its folder',
    '.github/workflows/package.yaml',
    'package: {name: a, version: 1, epoch: 0}\npipeline: []\n',
  ],
  [
    'GitHub action',
    'action.yml',
    'name: a\ndescription: b\ninputs:\n  x: {required: true}\nruns:\n  using: composite\n  steps: []\n',
  ],
  ['GitLab CI', 'ci.yml', 'stages: [a]\nbuild:\n  stage: a\n  script: make\n'],
  [
    'GitLab CI with include and variables',
    'base.yml',
    'include:\n  - local: /a.yml\nvariables: {A: b}\ndefault: {image: x}\n',
  ],
  ['CircleCI', '.circleci/config.yml', 'version: 2.1\njobs: {}\nworkflows: {}\n'],
  ['Azure Pipelines', 'azure.yml', 'trigger: [main]\npool: {vmImage: ubuntu}\nsteps:\n  - script: make\n'],
  ['Woodpecker', '.woodpecker.yml', 'pipeline:\n  build:\n    image: golang\n    commands: [go build]\n'],
  ['Drone', '.drone.yml', 'kind: pipeline\ntype: docker\nname: default\nsteps: []\n'],
  ['Bitbucket', 'bitbucket-pipelines.yml', 'image: node\npipelines:\n  default:\n    - step: {script: [npm test]}\n'],
  ['Buildkite', 'buildkite.yml', 'env: {A: b}\nsteps:\n  - command: make\n'],
  ['Concourse', 'pipeline.yml', 'resources: []\njobs:\n  - name: a\n    plan: []\n'],
  ['Tekton', 'task.yaml', 'apiVersion: tekton.dev/v1\nkind: Task\nspec: {steps: []}\n'],
  [
    'Helm values with contents',
    'values-prod.yaml',
    'contents:\n  packages: [a]\n  repositories: []\narchs: [x86_64]\n',
  ],
  ['Helm chart', 'Chart.yaml', 'apiVersion: v2\nname: a\nversion: 1.0.0\ndependencies: []\n'],
  [
    'Helm template of a melange file',
    'templates/pkg.yaml',
    'package:\n  name: {{ .Values.name }}\n  version: 1\npipeline: []\n',
  ],
  [
    'Helm template of an apko file',
    'charts/a/templates/image.yaml',
    'contents:\n  packages:\n  {{- toYaml .Values.packages | nindent 4 }}\n',
  ],
  ['Helmfile', 'helmfile.yaml', 'environments:\n  default: {values: [a]}\nreleases: []\n'],
  ['Kustomize', 'kustomization.yaml', 'resources: [a]\nvars: []\n'],
  [
    'Conda recipe',
    'recipe/meta.yaml',
    'package:\n  name: a\n  version: 1\nsource: {url: x}\nbuild: {number: 0}\ntest:\n  imports: [a]\n',
  ],
  [
    'Conda recipe of another name',
    'recipe/a.yaml',
    '{% set version = "1" %}\npackage:\n  name: a\n  version: {{ version }}\ntest:\n  imports: [a]\n',
  ],
  [
    'rattler-build recipe',
    'recipe.yaml',
    'context: {version: "1"}\npackage:\n  name: a\n  version: ${{ version }}\nbuild: {number: 0}\nrequirements: {}\ntests: []\n',
  ],
  [
    'rattler-build recipe with few keys',
    'a.yaml',
    'package:\n  name: a\n  version: "1"\ntests:\n  - script: [a]\nabout: {}\n',
  ],
  ['Dart pubspec', 'pubspec.yaml', 'name: a\nversion: 1.0.0\nenvironment: {sdk: ">=3"}\ndependencies: {}\n'],
  ['Snapcraft', 'snapcraft.yaml', 'name: a\nversion: "1"\nbase: core22\nparts: {}\nenvironment: {A: b}\n'],
  ['nFPM', 'nfpm.yaml', 'name: a\narch: amd64\nversion: v1\ncontents:\n  - src: a\n    dst: /a\nscripts: {}\n'],
  ['nFPM under archs', 'nfpm2.yaml', 'contents:\n  - src: a\narchs: [amd64]\nannotations: {}\n'],
  ['GoReleaser', '.goreleaser.yaml', 'version: 2\nbuilds: []\narchives: []\n'],
  ['ko', '.ko.yaml', 'defaultBaseImage: cgr.dev/chainguard/static\nbuilds: []\n'],
  ['Flatpak', 'org.a.yml', 'app-id: org.a\nruntime: x\nmodules: []\n'],
  ['Serverless with package', 'serverless.yaml', 'service: a\nprovider: {name: aws}\npackage:\n  patterns: [x]\n'],
  ['Serverless without provider', 'sls.yaml', 'package:\n  individually: true\n  exclude: [a]\ncustom: {}\n'],
  ['OpenAPI', 'api.yaml', 'openapi: 3.0.0\ninfo: {title: a, version: 1}\npaths:\n  /x: {get: {}}\n'],
  ['AsyncAPI', 'events.yaml', 'asyncapi: 2.0.0\ninfo: {title: a, version: 1}\nchannels: {}\n'],
  ['CloudFormation', 'stack.yml', 'AWSTemplateFormatVersion: "2010-09-09"\nResources: {}\n'],
  ['Ansible playbook', 'site.yml', '- hosts: all\n  vars: {a: b}\n  tasks:\n    - package: {name: a, version: 1}\n'],
  ['Ansible variables', 'group_vars/all.yml', 'package:\n  name: nginx\n  state: present\nusers: []\n'],
  [
    'Ansible role with package and version',
    'defaults/main.yml',
    'package:\n  name: nginx\n  version: 1.2\nnginx_port: 80\nnginx_user: www\n',
  ],
  ['cloud-init', 'user-data.yaml', '#cloud-config\npackages: [a]\nusers: [{name: a}]\nruncmd: []\n'],
  ['mkosi or debos', 'image.yaml', 'architecture: amd64\nactions:\n  - action: debootstrap\n'],
  ['Hugo data', 'data/page.yaml', 'title: a\ncontents:\n  - one\n  - two\n'],
  ['Book with contents', 'book.yaml', 'title: a\ncontents:\n  chapters: [one]\n  appendix: two\n'],
  [
    'Book whose contents have packages',
    'talk.yaml',
    'title: a\nauthor: b\nslides: 12\nlanguage: en\ncontents:\n  packages: an overview\n',
  ],
  ['Jupyter Book', '_toc.yml', 'format: jb-book\nroot: intro\nchapters: []\n'],
  ['MkDocs', 'mkdocs.yml', 'site_name: a\nnav: []\nplugins: []\n'],
  ['pre-commit', '.pre-commit-config.yaml', 'repos: []\n'],
  ['pnpm lock file', 'pnpm-lock.yaml', "lockfileVersion: '9.0'\npackages: {}\n"],
  ['pnpm workspace', 'pnpm-workspace.yaml', 'packages: [a]\n'],
  ['Conda environment', 'environment.yml', 'name: a\nchannels: [conda-forge]\ndependencies: [python]\n'],
  ['Spack', 'spack.yaml', 'spack:\n  specs: [a]\n  packages: {all: {}}\n'],
  ['winget manifest', 'a.installer.yaml', 'PackageIdentifier: a.b\nPackageVersion: 1\nInstallers: []\n'],
  ['Elastic package', 'manifest.yml', 'format_version: 1.0.0\nname: a\ntitle: b\nversion: 1.0.0\ntype: integration\n'],
  ['Packit', '.packit.yaml', 'upstream_package_name: a\njobs: []\n'],
  ['Pulumi', 'Pulumi.yaml', 'name: a\nruntime: nodejs\ndescription: b\n'],
  ['Dependabot', 'dependabot.yml', 'version: 2\nupdates:\n  - package-ecosystem: npm\n'],
  ['Vector or Logstash pipeline', 'logs.yaml', 'data_dir: /var\npipeline:\n  workers: 2\npath.data: /x\n'],
  [
    'Test data with package and test',
    'case.yaml',
    'package:\n  name: a\ninput: 1\nexpected: 2\nsteps_run: 3\ntest: x\n',
  ],
  [
    'Bill of a shipment',
    'parcel.yaml',
    'package:\n  name: box\n  weight: 3\nrecipient: b\nstreet: c\ncontents:\n  items: [a]\n',
  ],
  ['apko lock file', 'apko.lock.yaml', 'contents: {packages: [a]}\n'],
  ['JSON schema of melange', 'schema.yaml', '$schema: x\ntitle: a\nproperties:\n  package: {type: object}\n'],
  ['A policy of ours', '.waybill.yaml', 'contents: {packages: [a]}\n'],
];

describe('YAML of other tools', () => {
  it('comes from many of them', () => assert.ok(FOREIGN.length >= 60));
  for (const [what, path, text] of FOREIGN)
    it(`${what} is left alone`, () => assert.equal(detectYaml(path, text), null));

  it('a directive goes before everything, with a colon or without', () => {
    for (const comment of ['# waybill language=melange', '# waybill: language=melange', '#waybill:language=melange']) {
      assert.equal(detectYaml('compose.yaml', `${comment}\nservices: {}\n`), 'melange', comment);
    }
    assert.equal(detectYaml('apko.yaml', '# waybill: language=none\ncontents: {packages: []}\n'), null);
  });
});
