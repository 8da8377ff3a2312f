package import Sweep
package import Wire

/// What the coordinator's gate asks about sessions and attempts.
extension Scheduler {
  package func isKnown(_ session: SessionID) -> Bool { roster[session] != nil }

  package func holder(of attempt: AttemptID) -> SessionID? {
    attempts.holder(of: attempt)
  }
}
