/**
 * Answers of Cordboard that this client cannot hand to its caller, with the reason. `shape` says on which server: the
 * documented shape (the default), that of the typings (`compat.typings`), or both.
 */
export const NOT_CARRIED = [
    {
        answer: 'CreateKey.result',
        shapes: ['documented'],
        reason: 'The documented result is one object, the client maps a list: it rejects with a TypeError after the key was made.',
    },
    {
        answer: 'GetSecretValue.result',
        shapes: ['documented'],
        reason: 'The documented result is one object, the client maps a list: it rejects with a TypeError. AddSecret is the same.',
    },
    ...['GetKeyValueItems.key', 'GetKeyValueItems.value', 'GetKeyValueItems.expires_at', 'GetKeyValueKeys.key', 'GetKeyValueKeys.expires_at'].map((answer) => ({
        answer,
        shapes: ['documented', 'typings'],
        reason: "The documented result is a list, the client's type is one object: it hands over an empty object. One object would lose the other rows.",
    })),
    {
        answer: 'GetApplications.rules',
        shapes: ['documented', 'typings'],
        reason: "withRules and withScenarios ask for it, but the client's type of an application has no such member and leaves it out.",
    },
    {
        answer: 'GetUsers.frozen',
        shapes: ['documented', 'typings'],
        reason: "The reference describes it, but the client's type of a user has no such member and leaves it out.",
    },
];
