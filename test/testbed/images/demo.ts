export const demoInputs: string[] = [];
export const demoImage = async (_f: string, _r: string): Promise<never> => {
  throw new Error('x');
};
