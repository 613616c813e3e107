/** What the SDK offers in Node only. */
export { fileDrafts } from "./adapters/drafts-file.js";
export { fileJournal } from "./adapters/journal-file.js";
