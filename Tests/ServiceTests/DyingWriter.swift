import Coordinator
import ResultStore
import Synchronization
import TestSupport

/// A writer whose process dies at its n-th transaction: before it, or after it and before anybody
/// hears of it.
final class DyingWriter: RecordCommitting {
  enum Moment: CaseIterable {
    case before
    case after
  }

  private let writer: any RecordCommitting
  private let step: Int
  private let moment: Moment
  private let death: StoreError
  private let count = Mutex(0)

  init(_ writer: any RecordCommitting, step: Int, _ moment: Moment, death: StoreError) {
    self.writer = writer
    self.step = step
    self.moment = moment
    self.death = death
  }

  func commit(_ records: [Record]) throws(StoreError) -> [CommittedRecord] {
    let isLast = count.withLock { count in
      count += 1
      return count == step
    }
    guard isLast else { return try writer.commit(records) }
    if moment == .after { _ = try writer.commit(records) }
    throw death
  }

  func confirm() throws(StoreError) { try writer.confirm() }

  /// Some error of a store, as a writer that dies throws it.
  static func anyError(_ fixture: ServiceFixture) -> StoreError? {
    do throws(StoreError) {
      _ = try StoreReader(path: fixture.folder["nowhere/s.sqlite"])
      return nil
    } catch {
      return error
    }
  }
}
