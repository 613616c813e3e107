/**
 * Loaded into every process that `npm start` starts: when the starter is gone, however it went (even by SIGKILL, which
 * nobody can handle), the channel to it closes, and this process ends too.
 */
process.on("disconnect", () => {
  setTimeout(() => process.exit(1), 5000).unref();
  process.kill(process.pid, "SIGTERM");
});
// Listening alone is no reason to live on.
process.channel?.unref();
