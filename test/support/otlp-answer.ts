import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { Answer } from "./scripted-server";

/** An `ExportTraceServiceResponse` that says what was not taken, as a collector writes it. */
export function partialSuccess(rejectedSpans: number | bigint, errorMessage: string): Buffer {
  const account = new BinaryWriter().uint32(8).int64(String(rejectedSpans));
  if (errorMessage !== "") account.uint32(18).string(errorMessage);
  return Buffer.from(new BinaryWriter().uint32(10).bytes(account.finish()).finish());
}

/** A `google.rpc.Status`, as a collector refuses with. */
export function rpcStatus(code: number, message: string): Buffer {
  return Buffer.from(new BinaryWriter().uint32(8).int32(code).uint32(18).string(message).finish());
}

export function protobufAnswer(status: number, body: Buffer): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/x-protobuf" }).end(body);
  };
}
