import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover, Text } from 'react-aria-components';
import { useCatalogue, useSession, type Catalogue, type Role } from '@/api';
import { texts } from '@/texts';
import { Button } from './button';
import { FieldSentence } from './fields';
import { Icon } from './icons';
import { Badge, Fold } from './small';
import { Bones, Failed } from './states';

/** Roles in a table cell. */
export function RoleBadges({ roles }: { roles?: readonly Role[] }) {
  if (!roles?.length) return <span className="soft">{texts.roles.basic}</span>;
  return (
    <span className="badges">
      {roles.map(({ role_id, role_name }) => (
        <Badge key={role_id} tone="accent">
          {role_name}
        </Badge>
      ))}
    </span>
  );
}

function MethodList({ names, catalogue }: { names: readonly string[]; catalogue: Catalogue }) {
  const declared = new Set(catalogue.methods.filter(({ status }) => status === 'declared').map(({ name }) => name));
  const list = (some: readonly string[]) => (
    <ul className="method-list">
      {some.map((name) => (
        <li key={name}>
          <a href={`/docs/methods/${name}`} target="_blank" rel="noreferrer" className="mono">
            {name}
          </a>
        </li>
      ))}
    </ul>
  );
  const later = names.filter((name) => declared.has(name));
  return (
    <>
      {list(names.filter((name) => !declared.has(name)))}
      {later.length > 0 && (
        <div className="method-later">
          <p className="field-help">{texts.roles.notBuilt}</p>
          {list(later)}
        </div>
      )}
    </>
  );
}

interface RolesFieldProps {
  value: readonly number[];
  onChange: (roles: number[]) => void;
  /** The server's sentence on the roles. */
  error?: string;
}

/** Chooses roles; says in words and as a list of methods what each allows, and what is allowed without any. */
export function RolesField({ value, onChange, error }: RolesFieldProps) {
  const catalogue = useCatalogue();
  const session = useSession();
  if (catalogue.error) return <Failed error={catalogue.error} title={texts.roles.catalogueFailed} retry={() => void catalogue.refetch()} />;
  if (!catalogue.data) return <Bones lines={4} />;
  const { roles, methods, basic } = catalogue.data;
  const chosen = value.map((id) => roles.find(({ role_id }) => role_id === id)).filter((role) => role !== undefined);
  const rest = roles.filter(({ role_id }) => !value.includes(role_id));
  const real = new Set(methods.filter(({ status }) => status === 'real').map(({ name }) => name));
  const beyond = (names: readonly string[]) => !session.is_owner && names.some((name) => real.has(name) && !session.may(name));
  return (
    <div className="stack-tight" role="group" aria-label={texts.roles.label}>
      <ul className="roles">
        {chosen.map(({ role_id, role_name, about, methods: allowed }) => (
          <li key={role_id} className="role">
            <h3>{role_name}</h3>
            <Button kind="icon" size="small" icon="close" aria-label={texts.roles.remove(role_name)} onPress={() => onChange(value.filter((id) => id !== role_id))} />
            <p>{about}</p>
            <Fold summary={texts.roles.methods(allowed.length)}>
              <MethodList names={allowed} catalogue={catalogue.data} />
            </Fold>
          </li>
        ))}
        {chosen.length === 0 && (
          <li className="role">
            <h3>{texts.roles.basic}</h3>
            <p>{texts.roles.basicAbout}</p>
            <Fold summary={texts.roles.methods(basic.length)} open>
              <MethodList names={basic} catalogue={catalogue.data} />
            </Fold>
          </li>
        )}
      </ul>
      <FieldSentence>{error}</FieldSentence>
      <div>
        <MenuTrigger>
          <AriaButton className="button" isDisabled={rest.length === 0}>
            <Icon name="plus" />
            {texts.roles.add}
          </AriaButton>
          <Popover className="popover" placement="bottom start" maxHeight={440}>
            <Menu
              className="menu"
              aria-label={texts.roles.add}
              items={rest}
              disabledKeys={rest.filter((role) => beyond(role.methods)).map(({ role_id }) => role_id)}
              onAction={(id) => onChange([...value, Number(id)].sort((a, b) => a - b))}
            >
              {({ role_id, role_name, about, methods: allowed }) => (
                <MenuItem id={role_id} textValue={role_name} className="menu-item role-pick">
                  <span className="grow">
                    <Text slot="label">{role_name}</Text>
                    <Text slot="description" className="field-help">
                      {beyond(allowed) ? texts.roles.beyond : about}
                    </Text>
                  </span>
                </MenuItem>
              )}
            </Menu>
          </Popover>
        </MenuTrigger>
      </div>
    </div>
  );
}
