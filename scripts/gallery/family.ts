/** What is known of a network from elsewhere, as it was published; null where nothing was. */
export interface Published {
  readonly params?: string;
  readonly macs?: string;
}

/** A family of networks: one page of the gallery. */
export interface Family {
  /** Of the page: `gallery/densenet`. */
  readonly page: string;
  readonly title: string;
  /** A paragraph or two, as Markdown. */
  readonly text: string;
  /** The files of the library that hold it, without folder and ending; empty where the example says it all. */
  readonly library: readonly string[];
  readonly examples: readonly string[];
  /** The network that is drawn. */
  readonly drawn: string;
  readonly published: Readonly<Record<string, Published>>;
}
