import { name, version } from "../../package.json";

/** Sent with each request. Spec: langfuse-contract, section 1. */
export const SDK_NAME: string = name;
export const SDK_VERSION: string = version;
