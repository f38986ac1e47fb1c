/** The files of one repository at one commit, as workflows and actions are read from them. Paths are relative. */
export type Source = {
  /** owner/name */
  repository: string;
  /** as it was asked for: refs/heads/main, v1, a commit */
  ref: string;
  sha: string;
  read(path: string): Promise<string | undefined>;
  /** Names of the files (no folders) in a folder. */
  list(folder: string): Promise<string[]>;
  /** A folder on disk that holds all the files, to run an action from. */
  folder(): Promise<string>;
};
