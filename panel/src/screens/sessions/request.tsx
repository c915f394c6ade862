import { useState } from 'react';
import { useChange } from '@/api';
import { Badge, Button, Card, FieldSentence, Form, Select, TextField, fieldSentence } from '@/parts';
import { texts } from '@/texts';

const words = texts.sessions.request;

interface Answer {
  status: number;
  content_type?: string;
  content: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((id) => ({ id, text: id }));

/** Sends a request to the control URL of a session and shows what its scenario answers. */
export function ControlRequest({ id }: { id: number }) {
  const send = useChange<{ result: Answer }>('SendSessionRequest');
  const [method, setMethod] = useState('POST');
  const [took, setTook] = useState(0);
  const answer = send.data?.result;
  return (
    <Card title={words.title} about={words.about}>
      <Form
        error={send.error}
        shownElsewhere={['method']}
        onSubmit={(data) => {
          const text = (name: string) => String(data.get(name) ?? '');
          const begun = performance.now();
          send.mutate(
            { call_session_history_id: id, method, path: text('path'), content: text('content'), content_type: text('content_type') },
            { onSettled: () => setTook(Math.round(performance.now() - begun)) },
          );
        }}
      >
        <div className="request-line">
          <div>
            <Select label={words.method} options={METHODS} value={method} onChange={setMethod} />
            <FieldSentence>{fieldSentence(send.error, 'method')}</FieldSentence>
          </div>
          <TextField label={words.path} name="path" defaultValue="/" mono spellCheck="false" autoComplete="off" />
        </div>
        {method !== 'GET' && (
          <>
            <TextField label={words.content} name="content" rows={4} mono optional spellCheck="false" />
            <TextField label={words.contentType} name="content_type" mono optional placeholder="application/json" spellCheck="false" autoComplete="off" />
          </>
        )}
        <div className="form-actions">
          <Button kind="primary" type="submit" isPending={send.isPending}>
            {words.submit}
          </Button>
        </div>
        {answer && !send.isPending && (
          <section className="stack-tight" aria-label={words.answer} aria-live="polite">
            <div className="row">
              <Badge tone={answer.status < 400 ? 'good' : 'bad'}>{words.status(answer.status)}</Badge>
              <span className="soft">{words.answered(took)}</span>
              {answer.content_type && <code className="break">{answer.content_type}</code>}
            </div>
            {answer.content ? (
              <pre className="answer" tabIndex={0} aria-label={words.answer}>
                {answer.content}
              </pre>
            ) : (
              <p className="soft">{words.empty}</p>
            )}
          </section>
        )}
      </Form>
    </Card>
  );
}
