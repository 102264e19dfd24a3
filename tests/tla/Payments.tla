------------------------------ MODULE Payments ------------------------------
\* Payments are accepted in order and a card network is asked to charge each. After a crash the network is asked what
\* became of every payment that has no answer yet. One action is one event; a state is one configuration.
EXTENDS Naturals, Sequences

CONSTANTS PaymentCount, CrashCount

VARIABLES
  statuses,  \* the durable state: what the machine knows of each payment that it accepted
  answers,   \* the environment: the network has one answer to each payment, for ever
  queue,     \* emitted and not handed over: lost in a crash
  requests,  \* handed over and not performed
  results,   \* performed and not delivered
  up,        \* whether the process runs
  life       \* how often it died, which is also what is spent of the budget

vars == <<statuses, answers, queue, requests, results, up, life>>

Payments == 1..PaymentCount

\* A request is <<payment, kind, life>>, a result <<payment, kind, life, answer>>. Sets will do for the queue and the
\* wire, and no order among results is needed, since nothing is ever asked twice about one payment in one life.
AskedAbout(messages) == {<<m[1], m[3]>> : m \in messages}
AskedOnceInALife ==
  /\ \A a, b \in queue \cup requests \cup results : <<a[1], a[3]>> = <<b[1], b[3]>> => a = b
  /\ AskedAbout(queue) \cap AskedAbout(requests \cup results) = {}

Init ==
  /\ statuses = <<>>
  /\ answers = [payment \in Payments |-> "none"]
  /\ queue = {}
  /\ requests = {}
  /\ results = {}
  /\ up = TRUE
  /\ life = 0

\* Inputs are fired in order, the next one also while actions are in flight.
Fire ==
  /\ up
  /\ Len(statuses) < PaymentCount
  /\ statuses' = Append(statuses, "pending")
  /\ queue' = queue \cup {<<Len(statuses) + 1, "charge", life>>}
  /\ UNCHANGED <<answers, requests, results, up, life>>

\* Queued actions are handed over in any order.
Dispatch ==
  /\ up
  /\ \E m \in queue :
       /\ queue' = queue \ {m}
       /\ requests' = requests \cup {m}
  /\ UNCHANGED <<statuses, answers, results, up, life>>

\* The first request about a payment settles its answer; a status query that comes first rules out any charge.
Possible(payment, kind) ==
  IF answers[payment] # "none" THEN {answers[payment]}
  ELSE IF kind = "charge" THEN {"charged", "declined"}
  ELSE {"declined"}

\* The outside performs what is on the wire in any order, also while the process is down.
Perform ==
  /\ \E m \in requests : \E answer \in Possible(m[1], m[2]) :
       /\ requests' = requests \ {m}
       /\ answers' = [answers EXCEPT ![m[1]] = answer]
       /\ results' = results \cup {Append(m, answer)}
  /\ UNCHANGED <<statuses, queue, up, life>>

\* The first result that arrives is taken in; a later one finds nothing pending and changes nothing.
Deliver ==
  /\ up
  /\ \E r \in results :
       /\ results' = results \ {r}
       /\ statuses' = IF statuses[r[1]] = "pending" THEN [statuses EXCEPT ![r[1]] = r[4]] ELSE statuses
  /\ UNCHANGED <<answers, queue, requests, up, life>>

\* A crash takes the queue and any part of the wire; what it leaves there arrives late. A crash inside a transition is
\* no action of its own: before the commit it is this one, and after it Fire or Deliver, hand-overs, and this one.
Crash ==
  /\ up
  /\ life < CrashCount
  /\ queue' = {}
  /\ requests' \in SUBSET requests
  /\ results' \in SUBSET results
  /\ up' = FALSE
  /\ life' = life + 1
  /\ UNCHANGED <<statuses, answers>>

Pending == {payment \in DOMAIN statuses : statuses[payment] = "pending"}

Recover ==
  /\ ~up
  /\ up' = TRUE
  /\ queue' = {<<payment, "check", life>> : payment \in Pending}
  /\ UNCHANGED <<statuses, answers, requests, results, life>>

Next == Fire \/ Dispatch \/ Perform \/ Deliver \/ Crash \/ Recover

Spec == Init /\ [][Next]_vars

Quiescent == up /\ queue = {} /\ requests = {} /\ results = {}
BooksAgree == Quiescent => \A payment \in DOMAIN statuses : statuses[payment] = answers[payment]
=============================================================================
