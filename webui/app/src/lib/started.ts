/** Whether a first screen has been shown: the browser places the focus itself on the first one. */
export const ready = { done: false };
