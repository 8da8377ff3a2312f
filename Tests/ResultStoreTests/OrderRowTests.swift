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

  private func order(_ order: SweepOrder, of sweep: SweepID, at: Double) -> StoreOperation {
    .order(order, of: sweep, owner: nil, reopened: [], at: at)
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
      _ = try open.store.commit([self.order(order, of: open.sweep, at: Double(place))])
    }
    #expect(try open.store.orders(of: open.sweep) == orders)
    #expect(try StoreReader(path: path).orders(of: "a sweep") == orders)
  }

  @Test("to retry undo the failures of the points that they name")
  func reopened() throws {
    let open = try OpenStore(try folder.get().file("a"))
    let point = try Fixture.point(1)
    _ = try open.store.commit([open.grant(1, point), open.fail(1, point, .point("no"))])
    #expect(try open.store.reader().troubledPoints().count == 1)
    _ = try open.store.commit([
      .order(.retry(.all), of: open.sweep, owner: "a key", reopened: [Fixture.key(point)], at: 4)
    ])
    #expect(try open.store.reader().troubledPoints().isEmpty)
  }

  @Test("of a newer vaesweep, which name points by something else, are told so")
  func newer() throws {
    let path = try folder.get().file("a")
    let unknown = PointFilter(texts: ["temperature=3"], match: GridMatch([:]))
    let open = try OpenStore(path)
    _ = try open.store.commit([order(.cancel(unknown), of: open.sweep, at: 1)])
    let error = #expect(throws: StoreError.self) { try open.store.orders(of: open.sweep) }
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
      _ = try open.store.commit(orders.map { order($0.0, of: open.sweep, at: $0.1) })
    }
    _ = try StoreMerge(folder.file("a"), folder.file("b"), into: folder.file("c")).run()
    #expect(
      try StoreReader(path: folder.file("c")).orders(of: "a sweep")
        == [.cancel(filter), .cancel(filter), .retry(.all)])
  }

  private func register(
    _ store: ResultStore, _ name: String, _ definition: String, extending: String? = nil,
    replacing: Bool = false
  ) throws -> SweepID {
    try store.register(
      sweep: name, dataset: "digits", definition: Digest(of: definition), yaml: "",
      extending: extending.map { Digest(of: $0) }, replacing: replacing, at: 10)
  }

  @Test("concern the sweep that they were given to, and hosts whatever is trained there")
  func scope() throws {
    let open = try OpenStore(try folder.get().file("a"))
    let given: [SweepOrder] = [.pause, .drain(host: "b"), .cancel(.all)]
    _ = try open.store.commit(given.map { order($0, of: open.sweep, at: 5) })
    let other = try register(open.store, "another", "b")
    #expect(try open.store.orders(of: other) == [.drain(host: "b")])
    // A changed file of the same name is the same sweep.
    let changed = try register(open.store, "a sweep", "c")
    #expect(try open.store.orders(of: changed) == given)
  }

  @Test("of before their sweep was written down concern the sweeps that were there then")
  func before() throws {
    let path = try folder.get().file("a")
    let open = try OpenStore(path)
    _ = try open.store.commit([order(.cancel(.all), of: open.sweep, at: 5)])
    let later = try register(open.store, "later", "b")
    try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE orders SET sweep = NULL") }
    #expect(try open.store.orders(of: open.sweep) == [.cancel(.all)])
    #expect(try open.store.orders(of: later).isEmpty)
  }

  @Test("that stand are taken over by an extension of another name, once")
  func takenOver() throws {
    let open = try OpenStore(try folder.get().file("a"))
    let filters = try (0..<3).map { try PointFilter(parsing: ["seed=\($0)"]) }
    let given: [SweepOrder] = [
      .pause, .cancel(filters[0]), .retry(.all), .cancel(filters[1]), .cancel(filters[2]),
      .retry(filters[1]), .cancel(filters[2]),
    ]
    _ = try open.store.commit(given.map { order($0, of: open.sweep, at: 5) })
    let standing: [SweepOrder] = [.pause, .cancel(filters[2])]
    let large = try register(open.store, "large", "b", extending: "a definition")
    #expect(try open.store.orders(of: large) == standing)
    _ = try register(open.store, "a sweep", "a definition", extending: "b")
    _ = try register(open.store, "large", "b", extending: "a definition")
    #expect(try open.store.orders(of: large) == standing)
    #expect(try open.store.orders(of: open.sweep) == given)
  }

  @Test("are followed to the sweep that an extension has put in the place of another")
  func succession() throws {
    let open = try OpenStore(try folder.get().file("a"))
    let (a, b, c) = (Digest(of: "a definition"), Digest(of: "b"), Digest(of: "c"))
    func sweeps() throws -> [StoredSweep] { try open.store.reader().sweeps() }
    _ = try register(open.store, "large", "b", extending: "a definition")
    #expect(try sweeps().current.map(\.definition) == [b])
    #expect(try sweeps().replaced(by: a, named: "a sweep").map(\.definition) == [b])
    #expect(try sweeps().isExtended(a))
    #expect(try sweeps().replaced(by: b, named: "large").isEmpty)
    // A new file of the first name takes the place of what that was extended to.
    #expect(try sweeps().replaced(by: c, named: "a sweep").map(\.definition) == [b])
    _ = try register(open.store, "a sweep", "c")
    #expect(try sweeps().current.map(\.definition) == [b, c])
    _ = try register(open.store, "a sweep", "c", extending: "b")
    #expect(try sweeps().current.map(\.definition) == [c])
    #expect(try sweeps().isExtended(b))
    // The first file once more, by --replace.
    _ = try register(open.store, "a sweep", "a definition", replacing: true)
    #expect(try sweeps().current.map(\.definition) == [a])
    #expect(try !sweeps().isExtended(c))
    #expect(try sweeps().replaced(by: c, named: "a sweep").map(\.definition) == [a])
    // Sweeps of other names stand beside it.
    _ = try register(open.store, "another", "d")
    #expect(try sweeps().current.count == 2)
  }

  @Test("leave a merged store with what either store still works on")
  func mergedSuccession() throws {
    let folder = try folder.get()
    for name in ["a", "b"] {
      let open = try OpenStore(folder.file(name))
      if name == "b" { _ = try register(open.store, "a sweep", "b", extending: "a definition") }
      if name == "b" { _ = try register(open.store, "a sweep", "c", extending: "b") }
    }
    _ = try StoreMerge(folder.file("a"), folder.file("b"), into: folder.file("c")).run()
    let sweeps = try StoreReader(path: folder.file("c")).sweeps()
    #expect(
      sweeps.current.map(\.definition) == [Digest(of: "a definition"), Digest(of: "c")])
    #expect(sweeps.first { $0.definition == Digest(of: "b") }?.replacedBy == Digest(of: "c"))
  }
}
