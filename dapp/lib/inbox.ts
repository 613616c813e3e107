/** The inbox of the connected account, and which of it was read: marks that stay on this device. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { openDB, type DBSchema } from "idb";
import { useMemo } from "react";

import type { Hex, Notice, NoticeReader, Reader } from "../../sdk/index.js";
import { useConfig, useReader } from "./connection.js";
import { useIdentity, type Identity } from "./identity.js";
import { loadSdk } from "./sdk.js";

/** What an account has read: everything before a block, and these. Ids only. */
interface Marks {
  account: string;
  beforeBlock: number;
  read: Hex[];
}

interface Schema extends DBSchema {
  marks: { key: string; value: Marks };
}

/** On a device that knows of no marks, what is older than this counts as read. */
const NEWS_S = 7 * 86_400;

/** What was read so far for whom, so that each block asks for what it brought only. */
let feed: { of: string; reader: NoticeReader; notices: readonly Notice[] } | undefined;

async function readFeed({ chain }: Reader, { account, patientId }: Identity): Promise<readonly Notice[]> {
  const of = `${chain.deployment.genesisHash}/${account}/${patientId ?? ""}`;
  if (feed?.of !== of) {
    const { noticeReader } = await loadSdk();
    feed = { of, reader: noticeReader({ chain }, { account, patientId }), notices: [] };
  }
  const own = feed;
  const fresh = await own.reader.read();
  // Newest first, as it is shown; the same list if nothing came, so that nothing is drawn anew.
  if (fresh.length > 0) own.notices = [...fresh.toReversed(), ...own.notices];
  return own.notices;
}

/** A notice with what this device knows about it. */
export interface InboxNotice extends Notice {
  isNew: boolean;
}

/** The inbox, newest first. `notices` is undefined until it was read. */
export interface Inbox {
  notices: readonly InboxNotice[] | undefined;
  error: Error | null;
  refetch: () => void;
  /** How many are new. */
  unread: number;
  markRead: (id: Hex) => void;
  markAllRead: () => void;
}

/** The inbox of the connected account. It needs no key: ids and times are public, names are looked up where it leads. */
export function useInbox(): Inbox {
  const { data: reader } = useReader();
  const { data: identity } = useIdentity();
  const { deployment } = useConfig();
  const queryClient = useQueryClient();
  const account = identity?.account;
  const database = `salus-inbox-${deployment.genesisHash.slice(2, 18)}-${deployment.contracts.records.slice(2, 10)}`;
  const marksKey = ["inbox marks", database, account];

  const { data, error, refetch } = useQuery({
    queryKey: ["chain", "inbox", account, identity?.patientId],
    enabled: reader !== undefined && identity !== undefined,
    structuralSharing: false,
    queryFn: () => {
      if (!reader || !identity) throw new Error("not connected");
      return readFeed(reader, identity);
    },
  });
  const marks = useQuery({
    queryKey: marksKey,
    enabled: account !== undefined,
    staleTime: Infinity,
    queryFn: async () => (await (await openMarks(database)).get("marks", account ?? "")) ?? null,
  });
  const { mutate: keep } = useMutation({
    mutationFn: async (next: Marks) => (await openMarks(database)).put("marks", next),
    // Shown at once: what a full disk refuses to keep is new again after a reload, and nothing else.
    onMutate: (next) => queryClient.setQueryData(marksKey, next),
  });

  const notices = useMemo(() => {
    if (!data || marks.data === undefined) return undefined;
    const { beforeBlock, read } = marks.data ?? firstMarks(data);
    const isRead = new Set(read);
    return data.map((notice) => ({ ...notice, isNew: notice.blockNumber >= beforeBlock && !isRead.has(notice.id) }));
  }, [data, marks.data]);
  const change = (marksOf: (before: Omit<Marks, "account">, newest: number) => Omit<Marks, "account">) => {
    if (!account || !data) return;
    keep({ account, ...marksOf(marks.data ?? firstMarks(data), data[0]?.blockNumber ?? 0) });
  };
  return {
    notices,
    error,
    refetch: () => void refetch(),
    unread: notices?.filter(({ isNew }) => isNew).length ?? 0,
    markRead: (id) => change(({ beforeBlock, read }) => ({ beforeBlock, read: [...new Set([...read, id])] })),
    markAllRead: () => change((_, newest) => ({ beforeBlock: newest + 1, read: [] })),
  };
}

function firstMarks(newestFirst: readonly Notice[]): Omit<Marks, "account"> {
  const since = Date.now() / 1_000 - NEWS_S;
  const oldest = newestFirst.findLast(({ time }) => time >= since);
  return { beforeBlock: oldest?.blockNumber ?? (newestFirst[0]?.blockNumber ?? 0) + 1, read: [] };
}

async function openMarks(name: string) {
  return openDB<Schema>(name, 1, { upgrade: (db) => void db.createObjectStore("marks", { keyPath: "account" }) });
}
