// SPDX-License-Identifier: Apache-2.0

/** What the structs of apko are called for people, as the beginning of a sentence. */
export const apkoNames: Readonly<Record<string, string>> = {
  'apko.ImageConfiguration': 'The top of an apko file',
  'apko.ImageContents': '"contents"',
  'apko.ImageEntrypoint': '"entrypoint"',
  'apko.ImageAccounts': '"accounts"',
  'apko.User': 'A user',
  'apko.Group': 'A group',
  'apko.PathMutation': 'An entry of "paths"',
  'apko.BaseImageDescriptor': '"baseimage"',
  'apko.Layering': '"layering"',
  'apko.ImageCertificates': '"certificates"',
  'apko.AdditionalCertificateEntry': 'A certificate',
  'apko.RuntimeKeyringEntry': 'A key of "runtime_keyring"',
};
