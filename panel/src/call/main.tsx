import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/parts.css';
import '../styles/forms.css';
import '../styles/small.css';
import '../styles/shell.css';
import './call.css';
import { I18nProvider } from 'react-aria-components';
import { showTheme } from '../shell/theme';
import { CallPage } from './CallPage';

showTheme();
// A page that comes back from the browser's memory has hung up.
window.addEventListener('pageshow', ({ persisted }) => persisted && window.location.reload());
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale="en-GB">
        <CallPage />
      </I18nProvider>
    </StrictMode>,
  );
}
