/** What a person chose to upload: files with their paths inside the folder. */

export interface ChosenFile {
  readonly path: string;
  readonly file: File;
}

const JUNK = /(^|\/)(\.[^/]*|Thumbs\.db|desktop\.ini|__MACOSX)(\/|$)/i;

/** Leave aside what systems put into folders by themselves, and put the rest in order. */
export function tidy(files: readonly ChosenFile[]): ChosenFile[] {
  return files
    .filter((one) => !JUNK.test(one.path))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Read what a file input holds. */
export function fromInput(list: FileList | null): ChosenFile[] {
  return tidy(
    [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file })),
  );
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A folder's reader gives at most a hundred entries at a time, until it gives none. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry, found: ChosenFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await fileOf(entry as FileSystemFileEntry);
    found.push({ path: entry.fullPath.replace(/^\//, ""), file });
  } else {
    for (const child of await entriesOf(entry as FileSystemDirectoryEntry)) {
      await walk(child, found);
    }
  }
}

/** Read what was dropped, folders with all that is in them. */
export async function fromDrop(items: DataTransferItemList): Promise<ChosenFile[]> {
  // The list is emptied as soon as this event is over, so all entries are taken at once.
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((one) => one !== null);
  const found: ChosenFile[] = [];
  for (const entry of entries) await walk(entry, found);
  return tidy(found);
}

/** What a file is known by when the same folder is chosen again. */
export function fingerprint(one: ChosenFile): string {
  return `${one.path}|${one.file.size}|${one.file.lastModified}`;
}
