// The whole instrumentation of this site: a step where a visitor takes one. `Stepladder` comes from the script tag.

const EXPERIMENT = 'four-steps';

/** Tells of a step, gives the answer a moment to come so that the panel can show it, and goes on. */
async function take(step, next, more) {
  Stepladder.step(EXPERIMENT, step, more);
  // A real site leaves this line out: what was not sent yet goes by beacon, and again from the next page.
  await Promise.race([Stepladder.flush(), new Promise((done) => setTimeout(done, 1000))]);
  location.href = next;
}

function onSubmit(id, work) {
  document.getElementById(id)?.addEventListener('submit', (event) => {
    event.preventDefault();
    work(event.target);
  });
}

onSubmit('question', (form) => take('answer', `plan?days=${new FormData(form).get('days')}`));
onSubmit('plan', () => {
  location.href = 'e-mail';
});
// The address stays in the field: nothing here reads it.
onSubmit('e-mail', () => take('e-mail', 'buy'));
onSubmit('buy', () => take('buy', 'thanks', { value: 2990 }));

const days = document.getElementById('days');
if (days) {
  days.textContent = { 2: 'two', 4: 'four' }[new URLSearchParams(location.search).get('days')] ?? 'three';
  // To see the plan is the step, so it is taken by being here.
  Stepladder.step(EXPERIMENT, 'plan');
}

document.getElementById('enter')?.addEventListener('click', () => {
  Stepladder.identify();
  sessionStorage.clear();
});
