/// What a launch is for.
package enum LaunchPurpose: Hashable, Sendable {
  /// Workers that end with this program.
  case attend
  /// Workers that outlive it.
  case detach
  /// The end of those that earlier launches have started.
  case stop
}

/// A worker as its coordinator knows it.
package struct WorkerIdentity: Hashable, Sendable {
  package let host: String
  package let process: Int

  package init(host: String, process: Int) {
    self.host = host
    self.process = process
  }
}

/// How a host stands; times are of the launch's own clock.
package enum HostState: Hashable, Sendable {
  /// Nothing is connected, and nothing is tried before then.
  case pausing(until: Duration)
  /// A script of ours is on its way to its first word.
  case connecting(Contact)
  /// The program is not there, and it is not yet this host's turn to be sent it.
  case lackingProgram
  case copying(since: Duration, isDone: Bool)
  /// `hasFinished` once the worker has said that the sweep is complete.
  case running(since: Duration, hasFinished: Bool)
  /// Nothing more is wanted of it: its connection is to end by then.
  case leaving(HostEnd, deadline: Duration)
  case over(HostEnd)

  /// A connection that has not come to a worker yet.
  package struct Contact: Hashable, Sendable {
    /// When it began, or came on.
    package var since: Duration
    /// The port of the host through which its worker reaches the coordinator.
    package var port: Int?
    package var isReady = false
    package var wasIntroduced = false
    /// The exit status of a worker that was to be detached.
    package var failure: Int32?
    /// What it came to, acted upon when the connection has ended.
    package var finding: Finding?

    package init(since: Duration) { self.since = since }
  }

  /// What a script told instead of becoming a worker.
  package enum Finding: Hashable, Sendable {
    case lacksProgram
    case end(HostEnd)
  }
}

/// How it ended with a host.
package enum HostEnd: Hashable, Sendable {
  /// Its worker was told that the sweep is complete.
  case complete
  /// Its worker has handed back, or none was left.
  case stopped
  /// A worker runs there by itself.
  case detached
  /// It was given up, for this reason.
  case givenUp(String)
}

/// What happens to a host.
package enum HostEvent: Hashable, Sendable {
  case tick(HostRoom)
  /// A line of whatever came over the connection that is no mark.
  case said(String)
  case marked(RemoteMark)
  /// ssh has ended; nil where a signal ended it. Everything it said came before.
  case disconnected(status: Int32?)
  /// Its worker is to hand back and to end.
  case stopRequested
  /// Another host's worker has said that the sweep is complete.
  case sweepCompleted
}

/// What a host may begin now: not everything happens everywhere at once.
package struct HostRoom: Hashable, Sendable {
  package var mayConnect: Bool
  package var mayCopy: Bool

  package init(mayConnect: Bool, mayCopy: Bool) {
    self.mayConnect = mayConnect
    self.mayCopy = mayCopy
  }
}

/// What is run on a host over one connection.
package enum Errand: Hashable, Sendable {
  case start
  case detach
  case copy
  /// Ends what runs there: of this launch only, or of any.
  case stop(onlyOwn: Bool)
}

/// What is to be done for a host; it has one connection at most.
package enum HostEffect: Hashable, Sendable {
  case connect(Errand)
  /// Tells the script where the coordinator is, at that port of the host or where this launch was told,
  /// and the invitation.
  case introduce(port: Int?)
  /// Ends the worker's standard input, upon which it hands back and ends.
  case closeInput
  /// Ends the connection at once.
  case cut
  /// Something that a person should know.
  case tell(String)
}
