import { useQuery } from '@tanstack/react-query';
import { ApiError } from './client';

export interface CatalogueMethod {
  name: string;
  group: string;
  status: 'real' | 'declared';
  origin: string;
  kind: 'read' | 'write';
  description: string | null;
  roles: string[];
  basic: boolean;
  params: { name: string; type: string; required: string; description?: string }[];
}

export interface CatalogueRole {
  role_id: number;
  role_name: string;
  /** What the role is for, in words. */
  about: string;
  methods: string[];
}

export interface Catalogue {
  methods: CatalogueMethod[];
  roles: CatalogueRole[];
  /** The methods that need no role. */
  basic: string[];
  errors: { code: number; msg: string }[];
}

/** The methods and roles of this server, from `/docs/methods.json`; large, so only where a screen shows them. */
export function useCatalogue(enabled = true) {
  return useQuery<Catalogue, ApiError>({
    queryKey: ['catalogue'],
    enabled,
    staleTime: Infinity,
    gcTime: Infinity,
    queryFn: async ({ signal }) => {
      const response = await fetch('/docs/methods.json', { signal });
      if (!response.ok) throw new ApiError([{ code: 0, msg: `The catalogue of methods could not be read (${response.status}).` }]);
      return (await response.json()) as Catalogue;
    },
  });
}
