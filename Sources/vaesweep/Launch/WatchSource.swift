import Dashboard
import Platform
import ResultStore
import Sweep
import Wire

/// Where a watch learns how a sweep stands.
protocol WatchSource {
  /// Between two looks, as short as makes sense.
  var pause: Duration { get }

  /// How it stands now; nil where no answer comes, or a stop comes first.
  mutating func look() throws(CommandError) -> SweepView?
}

/// A coordinator, asked again and again over one connection.
struct ConnectedSource: WatchSource {
  var link: OperatorLink
  let patience: Duration
  /// Often enough to see the end: a coordinator that is done soon leaves.
  let pause = Duration.seconds(1)

  mutating func look() throws(CommandError) -> SweepView? {
    try link.send(.watch)
    switch try link.next(within: patience) {
    case nil: return nil
    case .status(let reply)?: return SweepView(reply)
    case .refusal?, .order?, .auditProgress?, .auditResult?:
      throw .failure("\(link.endpoint) did not answer like a coordinator")
    }
  }
}

/// A store, read again and again while a coordinator may write it.
struct StoredSource: WatchSource {
  private let reader: StoreReader
  private var summary: RunningSummary?
  private var outcomes = -1
  private var definitions: [SweepDefinition] = []
  /// A store that takes long to read is read the more seldom.
  private(set) var pause = Duration.seconds(1)

  init(_ path: String) throws(CommandError) {
    do throws(StoreError) {
      reader = try StoreReader(path: path)
    } catch {
      throw .of(error)
    }
  }

  mutating func look() throws(CommandError) -> SweepView? {
    let start = ContinuousClock.now
    defer { pause = max(.seconds(1), (ContinuousClock.now - start) * 10) }
    do throws(StoreError) {
      let standing = try StoredStanding(reader)
      if summary == nil { for line in standing.leftOut { Console.say(line) } }
      if summary == nil || standing.definitions != definitions {
        definitions = standing.definitions
        summary = RunningSummary(definitions.map(\.grid))
        outcomes = -1
      }
      var filled = summary ?? RunningSummary([])
      let count = standing.progress.ok + standing.progress.diverged
      if count != outcomes {
        try reader.forEachOutcome { stored in
          _ = filled.add(stored.outcome)
          return true
        }
        outcomes = count
        summary = filled
      }
      return SweepView(standing, summary: filled)
    } catch {
      // A coordinator that is about to commit keeps readers out for a moment.
      if error.kind == .busy { return nil }
      throw .of(error)
    }
  }
}
