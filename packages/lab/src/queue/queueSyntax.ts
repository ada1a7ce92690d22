/** For the help and for messages. */
export const queueSyntax =
  "postgres://USER:PASSWORD@HOST:5432/DATABASE, redis://HOST:6379, or a folder that all machines see, as in ./queue";
