internal import CZeroMQ
package import Platform

/// Waits for several sockets and file descriptors at once.
///
/// Each is watched under a tag of the caller's choice, which ``wait(_:)`` gives back; an enum with
/// payloads (`.network`, `.trainer(slot)`) makes the loop one switch. The poller keeps its sockets
/// and wake-ups alive, but not plain descriptors open: unwatch one before closing it.
package struct Poller<Tag: Hashable> {
  /// What was ready under one tag.
  package struct Ready {
    package let tag: Tag
    package let events: PollEvents
  }

  private enum Subject {
    case socket(Socket)
    case wakeUp(WakeUp)
    case descriptor
  }

  private var tags: [Tag] = []
  private var subjects: [Subject] = []
  private var items: [zmq_pollitem_t] = []

  package init() {}

  /// Watches a socket; another thing watched under the same tag is replaced.
  package mutating func watch(
    _ socket: Socket, as tag: Tag, for events: PollEvents = .readable
  ) {
    put(
      zmq_pollitem_t(socket: socket.handle, fd: -1, events: events.requested, revents: 0),
      .socket(socket), as: tag)
  }

  /// Watches a file descriptor; another thing watched under the same tag is replaced.
  package mutating func watch(
    descriptor: Int32, as tag: Tag, for events: PollEvents = .readable
  ) {
    put(
      zmq_pollitem_t(socket: nil, fd: descriptor, events: events.requested, revents: 0),
      .descriptor, as: tag)
  }

  /// Watches a wake-up; call its ``WakeUp/clear()`` when it is ready.
  package mutating func watch(_ wakeUp: WakeUp, as tag: Tag) {
    let events = PollEvents.readable.requested
    put(
      zmq_pollitem_t(socket: nil, fd: wakeUp.descriptor, events: events, revents: 0),
      .wakeUp(wakeUp), as: tag)
  }

  /// Watches for what happens to a socket's connections.
  package mutating func watch(_ monitor: ConnectionMonitor, as tag: Tag) {
    watch(monitor.source, as: tag)
  }

  /// Stops watching; a tag that is not watched is no error.
  package mutating func unwatch(_ tag: Tag) {
    guard let index = tags.firstIndex(of: tag) else { return }
    tags.remove(at: index)
    subjects.remove(at: index)
    items.remove(at: index)
  }

  /// Waits until something is ready or the time is over.
  ///
  /// - Parameter timeout: At most this long, rounded up to whole milliseconds; nil waits for ever.
  ///   Signals do not cut it short.
  /// - Returns: What is ready, in the order in which it was first watched; empty after the timeout.
  package mutating func wait(_ timeout: Duration?) throws(ZeroMQError) -> [Ready] {
    guard !items.isEmpty || timeout != nil else {
      throw ZeroMQError(.poll, "nothing", .misuse("an endless wait needs something to watch"))
    }
    for index in items.indices {
      // The item still holds the handle of a socket that has been closed since.
      if case .socket(let socket) = subjects[index], socket.handle == nil {
        throw ZeroMQError(.poll, socket.kind.rawValue, .code(.notASocket))
      }
      items[index].revents = 0
    }
    let clock = ContinuousClock()
    let deadline = timeout.map { clock.now.advanced(by: $0) }
    let count = Int32(items.count)
    let ready = try checked(.poll, "\(count) sources") {
      let left = deadline.map { clock.now.duration(to: $0).wholeMilliseconds }
      return zmq_poll(&items, count, left.map(Int.init) ?? -1)
    }
    guard ready > 0 else { return [] }
    return items.indices.compactMap { index in
      let events = PollEvents(reported: items[index].revents)
      return events.isEmpty ? nil : Ready(tag: tags[index], events: events)
    }
  }

  private mutating func put(_ item: zmq_pollitem_t, _ subject: Subject, as tag: Tag) {
    if let index = tags.firstIndex(of: tag) {
      (subjects[index], items[index]) = (subject, item)
    } else {
      tags.append(tag)
      subjects.append(subject)
      items.append(item)
    }
  }
}

/// What to wait for, or what came.
package struct PollEvents: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// A message, bytes, or the end of a pipe can be read.
  package static let readable = PollEvents(rawValue: 1)
  package static let writable = PollEvents(rawValue: 2)
  /// A descriptor's other end is gone, or it is not open.
  ///
  /// Reported whether asked for or not; with bytes left to read `.readable` comes with it.
  package static let closed = PollEvents(rawValue: 4)

  var requested: Int16 {
    Int16((contains(.readable) ? ZMQ_POLLIN : 0) | (contains(.writable) ? ZMQ_POLLOUT : 0))
  }

  init(reported: Int16) {
    self.init()
    let bits = Int32(reported)
    if bits & ZMQ_POLLIN != 0 { insert(.readable) }
    if bits & ZMQ_POLLOUT != 0 { insert(.writable) }
    if bits & ZMQ_POLLERR != 0 { insert(.closed) }
  }
}
