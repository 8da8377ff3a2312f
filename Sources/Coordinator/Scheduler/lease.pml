/*
 * The lease and commit protocol, for spin: two workers, two points, one coordinator with its store,
 * one restart of each side, and a network that loses, doubles, delays and reorders.
 * `deploy/check-model` checks every history of it.
 *
 * What it is of the program: `phase` is Scheduler's AttemptTable (with the word of the store that
 * is under way), `waiting` its WorkQueue, `orphans` and `late` its sets of those names; a worker is
 * an AgentSession with one slot and an outbox on disk. Durable and volatile state stand apart; the
 * coordinator is killed between any two steps, also between a commit and the word of it.
 *
 * The network: what was said once may be heard at any time, any number of times, or never. So a
 * heartbeat can come that names whatever its session ever held, a delivery of whatever was ever
 * finished, a grant of whatever was ever granted. What stays true once it is true (that an outcome
 * is durable; that an attempt is not to be held) is heard at once or not at all: later is the same
 * as said again.
 *
 * Left out: the handshake (a heartbeat introduces its session), slots and credits (a worker holds
 * one point), failures that a worker reports (a lease that ends is the one way to lose an attempt).
 * There is no clock: a lease may end under a worker that lives, too, up to EXPIRIES times.
 * The workers are alike, so that it is always worker 0 which restarts.
 *
 * TERMINATION makes loss and doubling finite (TROUBLES) and leaves no other step out: then there is
 * no way round in a circle, and every way ends with all points settled.
 * Five further names each break one rule, and each must be found out: ACK_BEFORE_COMMIT,
 * GRANT_BEFORE_RECORD, NO_FENCING, NO_DEDUPE, FORGETFUL_EPOCH.
 */

#ifndef EXPIRIES
#define EXPIRIES 1
#endif
#ifndef MOST_LOSSES
#define MOST_LOSSES 1
#endif
#ifndef TROUBLES
#define TROUBLES 2
#endif

/* An attempt's number: 4 × epoch + counter, which orders them as (epoch, counter) does. */
#define COUNTERS 4
#define ATTEMPTS 8
#define NONE     8

#define bit_of(a)   (1 << (a))
#define has(set, a) (((set) >> (a)) & 1)
#define add(set, a) set = set | bit_of(a)
#define cut(set, a) set = set & ~bit_of(a)
#define point_of(a) has(second, a)

/* Durable: the store, and the files of checkpoints beside it. */
byte epoch;
byte recorded;            /* attempts on record */
byte second;              /* attempts at point 1; the others are at point 0 */
byte ended;               /* attempts with an outcome, a loss or a release */
byte outcome[2] = NONE;   /* the attempt whose outcome stands */
byte first[2] = NONE;     /* the attempt whose outcome came first, as a witness */
byte lost[2];

/* Volatile: the coordinator. */
#define FREE      0
#define RECORDING 1       /* its record is under way to the store */
#define RECORDED  2       /* it is durable, and the loop has not heard of that */
#define LEASED    3
#define GIVING    4       /* its outcome is under way */
#define GIVEN     5
#define LOSING    6
#define LOST      7
#define RELEASING 8
#define RELEASED  9
byte counter;
byte phase[ATTEMPTS];
byte owner[ATTEMPTS];     /* the session it was offered to: a worker, or 2 for worker 0 restarted */
byte superseded;          /* another attempt has settled the point */
byte orphans;             /* of an earlier epoch, to be claimed until the grace ends */
byte late;                /* outcomes under way of attempts that are not in the table */
byte late_given;
byte waiting = 3;         /* points that wait for a taker */
byte losses[2];
bit complete;

/* The workers. What is finished and not acknowledged is the outbox: on disk. */
bit restarted;            /* worker 0 lives its second life */
byte held[2] = NONE;
byte accepted;            /* attempts whose grant was taken, once */
byte finished;
byte acknowledged;
#define session_of(w)  ((w) == 0 && restarted -> 2 : (w))
#define worker_of(s)   ((s) == 1)
#define is_alive(s)    ((s) == 1 || ((s) == 2) == restarted)

/* The network: grants that may be heard. Heartbeats and deliveries follow from the above. */
byte granted;

/* Trouble that is left. */
byte expiries = EXPIRIES;
bit may_restart = 1;
byte troubles = TROUBLES;

/* 1 + the newest attempt that ever had a lease: a checkpoint is taken under a lease only, so that
 * checkpoints go back where leases do. */
byte newest[2];

/* Scratch of steps that nothing interrupts. */
hidden byte i, a, p, t, x, is_held;

/* Sets x to one of the attempts that meet a condition, any of them. */
#define any(is) (is(0) || is(1) || is(2) || is(3) || is(4) || is(5) || is(6) || is(7))
#define choose(is) if :: is(0) -> x = 0 :: is(1) -> x = 1 :: is(2) -> x = 2 :: is(3) -> x = 3 \
  :: is(4) -> x = 4 :: is(5) -> x = 5 :: is(6) -> x = 6 :: is(7) -> x = 7 fi

/* After the end nothing happens; before it something always can, or TERMINATION finds it. */
#ifdef TERMINATION
#define WHEN_COMPLETE :: complete -> break
#define AT_REST
#else
#define WHEN_COMPLETE
#define AT_REST end:
#endif

/* What is said is heard, or lost. */
#ifdef TERMINATION
#define or_lost(step) if :: step :: troubles > 0 -> troubles-- fi
#else
#define or_lost(step) if :: step :: skip fi
#endif

/* ---- the store's thread: one transaction for all that has gathered ---- */

inline store_outcome(which) {
  assert(has(recorded, which));
  add(ended, which);
  p = point_of(which);
  if
  :: first[p] == NONE -> first[p] = which
  :: else
  fi;
  if
#ifdef NO_DEDUPE
  :: 1 -> outcome[p] = which
#else
  :: outcome[p] == NONE -> outcome[p] = which
  :: else
#endif
  fi;
  assert(outcome[p] == first[p]);   /* the first outcome stands */
  lost[p] = 0
}

inline commit() {
  for (a : 0 .. ATTEMPTS - 1) {
    if
    :: phase[a] == RECORDING ->
      /* Numbers never go back, and none is given twice. */
      assert(recorded < bit_of(a));
      add(recorded, a);
      phase[a] = RECORDED
    :: phase[a] == GIVING -> store_outcome(a); phase[a] = GIVEN
    :: phase[a] == LOSING ->
      add(ended, a);
      lost[point_of(a)] = lost[point_of(a)] + (outcome[point_of(a)] == NONE);
      phase[a] = LOST
    :: phase[a] == RELEASING -> add(ended, a); phase[a] = RELEASED
    :: else
    fi;
    if
    :: has(late, a) && !has(late_given, a) -> store_outcome(a); add(late_given, a)
    :: else
    fi
  }
}

#define is_open(n)    (phase[n] != FREE)
#define is_pending(n) (phase[n] == RECORDING || phase[n] == GIVING || phase[n] == LOSING \
  || phase[n] == RELEASING || (has(late, n) && !has(late_given, n)))

/* ---- the coordinator's loop ---- */

inline find_holder(point) {
  is_held = 0;
  for (i : 0 .. ATTEMPTS - 1) {
    is_held = is_held || ((phase[i] != FREE || has(orphans, i)) && point_of(i) == point)
  }
}

inline forget(which) {
  phase[which] = FREE;
  cut(superseded, which)
}

inline grant(which) {
  assert(has(recorded, which));
  add(granted, which)
}

inline offer(point, session) {
  a = COUNTERS * epoch + counter;
  assert(counter < COUNTERS);   /* or the model would hide what comes next */
  counter++;
  cut(waiting, point);
  second = (second & ~bit_of(a)) | (point << a);
  phase[a] = RECORDING;
  owner[a] = session;
#ifdef GRANT_BEFORE_RECORD
  grant(a)
#endif
}

/* A lease begins, or is taken over from the coordinator before: never of what has ended, never of
 * an older attempt, and a point has one at a time. */
inline lease(which) {
  phase[which] = LEASED;
  assert(has(recorded, which) && !has(ended, which));
  p = point_of(which);
  assert(newest[p] <= which + 1);
  newest[p] = which + 1;
  for (i : 0 .. ATTEMPTS - 1) {
    assert(i == which || phase[i] != LEASED || point_of(i) != p)
  }
}

inline adopt(which) {
  cut(orphans, which);
  lease(which)
}

/* An outcome of `which` is durable: its point is settled. */
inline settle(which) {
  p = point_of(which);
  cut(late, which);
  cut(late_given, which);
  cut(orphans, which);
  forget(which);
  cut(waiting, p);
  losses[p] = 0;
  for (i : 0 .. ATTEMPTS - 1) {
    if
    :: i == which || point_of(i) != p -> skip
    :: else ->
      cut(orphans, i);
      if
      :: phase[i] == LEASED -> forget(i)
      :: phase[i] != LEASED && phase[i] != FREE -> add(superseded, i)
      :: else
      fi
    fi
  }
}

/* A loss or a release of `which` is durable. */
inline give_back(which, is_loss) {
  p = point_of(which);
  t = has(superseded, which);
  forget(which);
  find_holder(p);
  if
  :: t || is_held || losses[p] >= MOST_LOSSES -> skip
  :: else ->
    losses[p] = losses[p] + is_loss;
    if
    :: losses[p] < MOST_LOSSES -> add(waiting, p)
    :: else
    fi
  fi
}

inline hear_report(which) {
  if
  :: phase[which] == RECORDED && !has(superseded, which) -> lease(which); grant(which)
  :: phase[which] == RECORDED && has(superseded, which) -> phase[which] = RELEASING
  :: phase[which] == LOST -> give_back(which, 1)
  :: phase[which] == RELEASED -> give_back(which, 0)
  fi
}

/* Once a point is settled, its outcomes are acknowledged and nobody works on it, whatever is still
 * under way about it is lost, and its attempts are all alike: fewer states. */
inline tidy() {
  for (p : 0 .. 1) {
    find_holder(p);
    for (i : 0 .. ATTEMPTS - 1) {
      is_held = is_held || (point_of(i) == p && (has(late, i) || held[0] == i || held[1] == i
        || (has(finished, i) && !has(acknowledged, i))))
    }
    if
    :: outcome[p] != NONE && !is_held ->
      newest[p] = 0;
      for (i : 0 .. ATTEMPTS - 1) {
        if
        :: has(recorded, i) && point_of(i) == p ->
          add(ended, i); cut(granted, i); add(accepted, i); add(finished, i);
          add(acknowledged, i); owner[i] = 1; outcome[p] = i; first[p] = i
        :: else
        fi
      }
    :: else
    fi
  }
}

inline restart() {
  may_restart = 0;
  epoch = 1;
#ifdef FORGETFUL_EPOCH
  epoch = 0;
#endif
  counter = 0;
  second = second & recorded;
  superseded = 0;
  orphans = 0;
  late = 0;
  late_given = 0;
  waiting = 0;
  for (a : 0 .. ATTEMPTS - 1) {
    phase[a] = FREE;
    p = point_of(a);
    if
    :: has(recorded, a) && !has(ended, a) && outcome[p] == NONE && lost[p] < MOST_LOSSES ->
      add(orphans, a)
    :: has(recorded, a) -> skip
    :: else -> owner[a] = 0
    fi
  }
  for (p : 0 .. 1) {
    losses[p] = lost[p];
    find_holder(p);
    if
    :: outcome[p] == NONE && lost[p] < MOST_LOSSES && !is_held -> add(waiting, p)
    :: else
    fi
  }
}

#define is_in_flight(n)  has(granted, n)
#define is_reported(n)   (phase[n] == RECORDED || phase[n] == LOST || phase[n] == RELEASED)
#define is_given(n)      (phase[n] == GIVEN || has(late_given, n))
#define is_dead(n)       (phase[n] == LEASED && !is_alive(owner[n]))
#define is_leased(n)     (phase[n] == LEASED && is_alive(owner[n]))
#define is_orphan(n)     has(orphans, n)
#define is_new(n)        (has(finished, n) && !has(acknowledged, n) && is_taken(n))
#define is_old(n)        (has(acknowledged, n) && is_taken(n))
#define is_taken(n)      (phase[n] == LEASED || (phase[n] == FREE && !has(late, n)))
#define is_claimed(n)    (has(accepted, n) && has(orphans, n) && !has(late, n))
#define is_unwanted(n)   (held[worker_of(owner[n])] == n && (has(superseded, n) \
  || (phase[n] == FREE && !has(orphans, n) && !has(late, n))))
#define works(n, s)      (phase[n] != FREE && !has(superseded, n) && owner[n] == (s))
#define is_idle(s)       (!(works(0, s) || works(1, s) || works(2, s) || works(3, s) \
  || works(4, s) || works(5, s) || works(6, s) || works(7, s)))
#define is_stale(n)      (has(accepted, n) && phase[n] == FREE && !has(orphans, n))
#define is_unheard(n)    (phase[n] == LEASED && !has(granted, n) && !has(accepted, n))

/* An outcome arrives that the worker still has in its outbox, or once more. */
inline deliver(which) {
#ifdef ACK_BEFORE_COMMIT
  add(acknowledged, which);
#endif
  if
  :: phase[which] == LEASED -> phase[which] = GIVING
  :: else -> add(late, which)
  fi
}

proctype Coordinator() {
AT_REST
  do
  WHEN_COMPLETE
  /* The store has spoken. */
  :: atomic { !complete && any(is_reported) -> choose(is_reported); d_step { hear_report(x); tidy(); i = 0 } }
  :: atomic { !complete && any(is_given) -> choose(is_given); d_step { settle(x); i = 0 };
#ifndef ACK_BEFORE_COMMIT
      or_lost(add(acknowledged, x))
#endif
      ; d_step { tidy(); i = 0 } }
  /* The lease of a worker that is gone ends, or of one that lives. */
  :: atomic { !complete && any(is_dead) -> choose(is_dead); phase[x] = LOSING }
  :: atomic { !complete && expiries > 0 && any(is_leased) ->
      choose(is_leased); d_step { phase[x] = LOSING; expiries-- } }
  /* The grace ends for an attempt of an earlier epoch. */
  :: atomic { !complete && any(is_orphan) ->
      choose(is_orphan); d_step { cut(orphans, x); phase[x] = RELEASING } }
  /* A delivery. */
  :: atomic { !complete && any(is_new) -> choose(is_new); d_step { deliver(x); i = 0 } }
#ifndef TERMINATION
  :: atomic { !complete && any(is_old) -> choose(is_old); d_step { deliver(x); i = 0 } }
#else
  :: atomic { !complete && troubles > 0 && any(is_old) ->
      choose(is_old); d_step { deliver(x); troubles-- } }
#endif
  /* A heartbeat that names an attempt, of whenever. */
  :: atomic { !complete && any(is_claimed) -> choose(is_claimed); d_step { adopt(x); i = 0 } }
  :: atomic { !complete && any(is_unwanted) ->
      choose(is_unwanted); or_lost(held[worker_of(owner[x])] = NONE);
      d_step { tidy(); i = 0 } }
#ifdef NO_FENCING
  :: atomic { !complete && any(is_stale) -> choose(is_stale); d_step { adopt(x); i = 0 } }
#endif
  /* A heartbeat that asks for work, of a session with room as far as the coordinator knows. */
  :: atomic { !complete && waiting != 0 && (is_idle(1) || is_idle(session_of(0))) ->
      if
      :: is_idle(1) -> x = 1
      :: is_idle(session_of(0)) -> x = session_of(0)
      fi;
      d_step {
        if
        :: has(waiting, 0) -> offer(0, x)
        :: else -> offer(1, x)
        fi;
        i = 0 } }
#ifdef TERMINATION
  /* Grants are lost; a heartbeat that does not name what it should has them said again. */
  :: atomic { !complete && troubles > 0 && granted != 0 ->
      choose(is_in_flight); d_step { cut(granted, x); troubles-- } }
  :: atomic { !complete && any(is_unheard) -> choose(is_unheard); d_step { grant(x) } }
#endif
  :: d_step { !complete && waiting == 0 && orphans == 0 && late == 0 && !any(is_open) ->
      complete = 1;
      /* Every point has its outcome or is failed; nothing acknowledged is gone. */
      assert(outcome[0] != NONE || lost[0] >= MOST_LOSSES);
      assert(outcome[1] != NONE || lost[1] >= MOST_LOSSES) }
  /* It is killed, and starts again on what is durable. */
  :: d_step { !complete && may_restart -> restart(); i = 0 }
  od
}

proctype Store() {
AT_REST
  do
  WHEN_COMPLETE
  :: d_step { !complete && any(is_pending) -> commit(); i = 0 }
  od
}

#define is_offered(n) (has(granted, n) && !has(accepted, n) && owner[n] == session_of(w) \
  && held[w] == NONE)

proctype Worker(byte w) {
AT_REST
  do
  WHEN_COMPLETE
  :: atomic { !complete && any(is_offered) ->
      choose(is_offered); d_step { held[w] = x; add(accepted, x) } }
  :: d_step { !complete && held[w] != NONE -> add(finished, held[w]); held[w] = NONE }
  /* It is killed, and starts again with its outbox and a new session. */
  :: d_step { !complete && w == 0 && !restarted -> restarted = 1; held[0] = NONE }
  od
}

/* At every moment: what is acknowledged is there. */
#define is_gone(n) (has(acknowledged, n) && outcome[point_of(n)] == NONE)
active proctype Watch() {
AT_REST
  do
  :: atomic { any(is_gone) -> assert(false) }
  WHEN_COMPLETE
  od
}

init { atomic { run Store(); run Coordinator(); run Worker(0); run Worker(1) } }
