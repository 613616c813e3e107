/** Files that commands read and write. What is written is whole or absent, and private files are private from the start. */
import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import * as v from "valibot";

import { CliError } from "./errors.js";

/** Reads a file. @throws FILE_UNREADABLE */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause: error });
  }
}

/** Reads JSON of a given form. @throws FILE_UNREADABLE, FILE_INVALID (names the field, never its value) */
export async function readJson<S extends v.GenericSchema>(path: string, schema: S): Promise<v.InferOutput<S>> {
  const text = new TextDecoder().decode(await readBytes(path));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError("FILE_INVALID", { file: path, reason: "it isn't JSON" }, { cause: error });
  }
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new CliError("FILE_INVALID", { file: path, field: v.getDotPath(issue) ?? "(the whole)", reason: issue.type });
}

/** How a file is written. */
export interface WriteOptions {
  /** Readable by its owner only. */
  isPrivate?: boolean;
  /** Whether an existing file is replaced; otherwise it is an error. */
  replace?: boolean;
}

/** Writes a file in one step; its folder is made when missing. @throws FILE_EXISTS, FILE_UNREADABLE */
export async function writeWhole(
  path: string,
  content: Uint8Array | string,
  { isPrivate = false, replace = false }: WriteOptions = {},
): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: isPrivate ? 0o700 : 0o777 });
    const file = await open(temporary, "wx", isPrivate ? 0o600 : 0o644);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (replace) await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new CliError("FILE_EXISTS", { file: path });
    throw new CliError("FILE_UNREADABLE", { file: path }, { cause: error });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Writes JSON, as `writeWhole` does. */
export async function writeJson(path: string, value: unknown, options?: WriteOptions): Promise<void> {
  await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`, options);
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: "text/csv",
  dcm: "application/dicom",
  gif: "image/gif",
  html: "text/html",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  pdf: "application/pdf",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain",
  webp: "image/webp",
  xml: "application/xml",
};

/** The media type of a file, by its name; of JSON also by what is in it: FHIR names a resourceType. */
export function mediaTypeOf(fileName: string, content: Uint8Array): string {
  const extension = fileName.toLowerCase().split(".").at(-1) ?? "";
  if (extension !== "json") return MEDIA_TYPES[extension] ?? "application/octet-stream";
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(content));
    const isFhir = typeof value === "object" && value !== null && "resourceType" in value;
    return isFhir ? "application/fhir+json" : "application/json";
  } catch {
    return "application/octet-stream";
  }
}

/** The last part of a name that somebody else chose, harmless as a file name on every system. */
export function localFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last.replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, "_").replace(/^\.+|[. ]+$/g, "");
  return clean.slice(0, 120) || "document";
}
