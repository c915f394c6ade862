// The filter of lists and the forms that call methods. Pages are complete without it.
'use strict';

function filter(box) {
    const input = box.querySelector('input');
    const found = box.querySelector('[role=status]');
    const tables = [...document.querySelectorAll('main .scroll')].filter((table) => box.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
    const rows = tables.map((table) => [...table.querySelectorAll('tbody tr')].map((row) => ({ row, text: row.textContent.toLowerCase() })));
    const show = () => {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        let count = 0;
        tables.forEach((table, at) => {
            const heading = table.previousElementSibling?.matches('h2') ? table.previousElementSibling : null;
            const inHeading = (word) => heading?.textContent.toLowerCase().includes(word);
            let here = 0;
            for (const { row, text } of rows[at]) {
                row.hidden = !words.every((word) => text.includes(word) || inHeading(word));
                here += row.hidden ? 0 : 1;
            }
            table.hidden = here === 0;
            if (heading) heading.hidden = here === 0;
            count += here;
        });
        found.textContent = words.length === 0 ? '' : count === 0 ? 'Nothing matches.' : count === 1 ? '1 matches.' : `${count} match.`;
    };
    input.addEventListener('input', show);
    input.addEventListener('keydown', (event) => {
        if (event.key === 'Escape') {
            input.value = '';
            show();
        }
        if (event.key === 'Enter' && input.value.trim() !== '') {
            document.querySelector('main .scroll:not([hidden]) tbody tr:not([hidden]) a')?.click();
        }
    });
    document.addEventListener('keydown', (event) => {
        if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.matches('input, select, textarea')) {
            event.preventDefault();
            input.focus();
        }
    });
    box.hidden = false;
    show();
}

// A file's answer is shown as far as it is text.
async function answerOf(response) {
    if (response.status === 401) return 'Nobody is signed in. Sign in to the control panel in this browser, then run this again.';
    if (response.status === 404 || response.status === 405) return 'This server has no control panel to run it through.';
    const text = await response.text();
    try {
        return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
        return text === '' ? `HTTP ${response.status} without a body.` : text;
    }
}

function runnable(form) {
    const [button, status] = [form.querySelector('button'), form.querySelector('[role=status]')];
    const answer = form.querySelector('pre');
    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const body = new URLSearchParams();
        for (const [name, value] of new FormData(form)) if (value !== '') body.append(name, value);
        button.disabled = true;
        status.textContent = 'Running…';
        try {
            const response = await fetch(`/panel/api/${form.dataset.method}`, {
                method: 'POST',
                headers: { 'X-Cordboard-Panel': '1' },
                credentials: 'same-origin',
                body,
            });
            answer.firstElementChild.textContent = await answerOf(response);
            status.textContent = 'Answered.';
        } catch {
            answer.firstElementChild.textContent = 'The server could not be reached.';
            status.textContent = 'Failed.';
        }
        answer.hidden = false;
        button.disabled = false;
    });
    form.hidden = false;
}

document.querySelectorAll('.filter').forEach(filter);
document.querySelectorAll('form.try').forEach(runnable);
