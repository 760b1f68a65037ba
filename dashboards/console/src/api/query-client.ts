import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

/** What was fetched, shared by the pages and by the router, which asks ahead for the page one is about to open. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Nothing is found by asking again for what is not there; what is not up yet will be.
      retry: (count, error) => !(error instanceof ApiError && error.status >= 400 && error.status < 500) && count < 20,
      retryDelay: (count) => Math.min(500 * 1.5 ** count, 5000),
      refetchOnWindowFocus: true,
    },
  },
});
