import Sweep
import Wire

// What this host is to blame for, and no point.
extension AgentSession {
  /// Something that this host needs is gone: nothing is begun until it is there again, and what waits
  /// goes back to others.
  ///
  /// - Parameter isReported: Whether the coordinator hears of it by the point that was being trained.
  mutating func onHostFault(_ kind: HostTrouble.Kind, _ reason: String, isReported: Bool = false) {
    switch standing {
    case .preparing, .working: break
    case .seeking, .stopping, .ended: return
    }
    if trouble.add(kind, reason, at: now) {
      effects.log("this host cannot train at present: \(reason); trying again for a while")
      // Else the coordinator hears of it by what waits; that counts against no point.
      if !isReported, slots.points.isEmpty, let first = queue.waiting.first {
        queue.remove(first.attempt)
        report(.host(reason), of: first, trained: .zero)
      }
    }
    giveBack(queue.waiting.map(\.attempt))
    heartbeats.sendNow()
  }

  /// Looks for the dataset anew, and starts trainers, after a pause.
  mutating func tryHostAgain() {
    if let reason = trouble.reason, trouble.isHopeless(after: settings.wait, at: now) {
      return endByHostFault(
        "this host could train nothing for \(settings.wait.inWords): \(reason)")
    }
    guard trouble.retryIsDue(at: now), let terms = preparation.terms else { return }
    switch trouble.kind {
    case .dataset:
      preparation.loseDataset()
      effects.add(.findDataset(terms.datasetDigest))
    case .processes: break
    }
    heartbeats.noteNews()
  }

  /// Ends with what is held given back: it counts against no point.
  mutating func endByHostFault(_ reason: String) {
    for point in slots.points {
      report(.host(reason), of: point, trained: .zero)
    }
    giveBack(queue.waiting.map(\.attempt))
    if standing.isWorking { effects.send(.goodbye) }
    end(1, reason)
  }
}
