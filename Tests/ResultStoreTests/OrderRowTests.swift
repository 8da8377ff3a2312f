import Foundation
import GRDB
import ResultStore
import Sweep
import SweepFile
import TestSupport
import Testing

@Suite("Operators' orders in a store")
struct OrderRowTests {
  private let folder = Result { try TemporaryFolder() }

  private func order(_ order: SweepOrder, at: Double) -> StoreOperation {
    .order(order, owner: nil, reopened: [], at: at)
  }

  @Test("are read in the order in which they were given, each as it was")
  func roundTrip() throws {
    let path = try folder.get().file("a")
    let filter = try PointFilter(parsing: ["seed=[1, 5]", "optimizer=[adam, sgd]", "latent_dim=4"])
    let orders: [SweepOrder] = [
      .pause, .drain(host: "höst"), .cancel(filter), .retry(.all), .undrain(host: "höst"), .resume,
    ]
    let open = try OpenStore(path)
    for (place, order) in orders.enumerated() {
      _ = try open.store.commit([self.order(order, at: Double(place))])
    }
    #expect(try open.store.orders() == orders)
    #expect(try StoreReader(path: path).orders() == orders)
  }

  @Test("to retry undo the failures of the points that they name")
  func reopened() throws {
    let open = try OpenStore(try folder.get().file("a"))
    let point = try Fixture.point(1)
    _ = try open.store.commit([open.grant(1, point), open.fail(1, point, .point("no"))])
    #expect(try open.store.reader().troubledPoints().count == 1)
    _ = try open.store.commit([
      .order(.retry(.all), owner: "a key", reopened: [Fixture.key(point)], at: 4)
    ])
    #expect(try open.store.reader().troubledPoints().isEmpty)
  }

  @Test("of a newer vaesweep, which name points by something else, are told so")
  func newer() throws {
    let path = try folder.get().file("a")
    let unknown = PointFilter(texts: ["temperature=3"], match: GridMatch([:]))
    let open = try OpenStore(path)
    _ = try open.store.commit([order(.cancel(unknown), at: 1)])
    let error = #expect(throws: StoreError.self) { try open.store.orders() }
    #expect(error?.kind == .newer)
  }

  @Test("about points hold in a merged store, the last of both; a pause does not")
  func merged() throws {
    let folder = try folder.get()
    let filter = try PointFilter(parsing: ["seed=1"])
    let own: [(SweepOrder, Double)] = [(.cancel(filter), 1), (.retry(.all), 5), (.pause, 6)]
    let far: [(SweepOrder, Double)] = [(.drain(host: "b"), 2), (.cancel(filter), 3)]
    for (name, orders) in [("a", own), ("b", far)] {
      let open = try OpenStore(folder.file(name))
      _ = try open.store.commit(orders.map { order($0.0, at: $0.1) })
    }
    _ = try StoreMerge(folder.file("a"), folder.file("b"), into: folder.file("c")).run()
    #expect(
      try StoreReader(path: folder.file("c")).orders()
        == [.cancel(filter), .cancel(filter), .retry(.all)])
  }
}
