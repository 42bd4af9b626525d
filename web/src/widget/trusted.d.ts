/** A document's hash; the build writes its text into documents.json, which the service trusts. */
declare module "*.graphql?trusted" {
  const hash: string;
  export default hash;
}
