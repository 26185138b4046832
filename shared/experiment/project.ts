/** The project of an experiment. Keys are for projects. */
export const projectOf = ({ project }: { readonly project?: string | undefined }): string => project ?? 'main';
