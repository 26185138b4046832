import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import initSqlJs from 'sql.js';

/** Places of the file format's read and write version in the header; 2 is the write-ahead log, 1 a plain file. */
const VERSIONS = [18, 19] as const;

/**
 * Gives the embedded engine's file an index it lacks. For every write to a table with a stream the engine asks for the highest
 * sequence number so far, and without this index it looks at all of them: half the speed after 10,000 writes, a hundredth after
 * 700,000. Only while the engine is stopped, and only on this machine; AWS has nothing to do with it.
 *
 * The file is put into plain mode first, because the library has no write-ahead log; the engine switches it back.
 * Gives back whether the index was missing.
 */
export async function indexStream(file: string): Promise<boolean> {
  if (existsSync(`${file}-wal`)) return false; // not closed cleanly: the engine has to recover it first
  const content = readFileSync(file);
  for (const place of VERSIONS) content[place] = 1;
  const { Database } = await initSqlJs();
  const database = new Database(content);
  try {
    if (database.exec("SELECT 1 FROM sqlite_master WHERE name = 'stepladder_newest'").length > 0) return false;
    database.run('CREATE INDEX stepladder_newest ON _stream_records (table_name, CAST(sequence_number AS INTEGER))');
    writeFileSync(`${file}.indexed`, database.export());
    renameSync(`${file}.indexed`, file);
    return true;
  } finally {
    database.close();
  }
}
