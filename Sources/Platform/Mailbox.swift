internal import Synchronization

/// What any threads hand to one: items in their order, and the end.
package final class Mailbox<Item: Sendable>: Sendable {
  private struct Content: Sendable {
    var items: [Item] = []
    var isClosed = false
  }

  private let content = Mutex(Content())
  private let wakeUp: WakeUp

  /// - Parameter wakeUp: What the receiving thread polls; nil where it only waits for this mailbox.
  package init(waking wakeUp: WakeUp? = nil) throws(SystemError) {
    self.wakeUp = if let wakeUp { wakeUp } else { try WakeUp() }
  }

  package func put(_ item: Item) { put(contentsOf: [item]) }

  package func put(contentsOf items: [Item]) {
    guard !items.isEmpty else { return }
    content.withLock { $0.items += items }
    wakeUp.signal()
  }

  /// Tells the receiver that nothing more will come.
  package func close() {
    content.withLock { $0.isClosed = true }
    wakeUp.signal()
  }

  package var isClosed: Bool { content.withLock(\.isClosed) }

  /// What is there now.
  package func takeAll() -> [Item] {
    content.withLock { content in
      defer { content.items.removeAll() }
      return content.items
    }
  }

  /// Waits until something is there.
  ///
  /// - Returns: All that is there; nil where nothing is and nothing more will come.
  package func waitForAll() -> [Item]? {
    while true {
      // Before the look: what comes after it signals again.
      wakeUp.clear()
      let (items, isClosed) = content.withLock { content in
        defer { content.items.removeAll() }
        return (content.items, content.isClosed)
      }
      if !items.isEmpty { return items }
      if isClosed { return nil }
      _ = wakeUp.wait()
    }
  }

  /// Lets time pass, for more to gather or for a fault to end: until then or the end, whichever is
  /// first.
  ///
  /// - Returns: Whether the mailbox is closed.
  package func waitForClose(atMost limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while !isClosed {
      let left = ContinuousClock.now.duration(to: deadline)
      guard left > .zero else { return false }
      wakeUp.clear()
      if isClosed { break }
      _ = wakeUp.wait(atMost: left)
    }
    return true
  }
}
