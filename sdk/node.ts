/** What the SDK offers in Node only. */
export { fileJournal } from "./adapters/journal-file.js";
