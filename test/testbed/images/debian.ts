export const debianInputs: string[] = [];
export const debianAppImage = async (): Promise<never> => {
  throw new Error('x');
};
export const distrolessImage = debianAppImage;
