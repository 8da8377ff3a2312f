import Figures
import Study
import Sweep
import VAE

/// Which run each configuration is shown by, picture by picture, and the data that was read of it.
struct Gallery {
  private struct Choice {
    let run: ReportedRun
    let among: Int
    let completed: Int
  }

  let show: ShownRun
  private var choices: [PictureKind: [Configuration: Choice]] = [:]
  private var arrays: [PictureRequest: NamedArrays] = [:]
  /// What the labels of the images stand for: digits, unless something says otherwise.
  private(set) var labels = LabelKind.digits
  /// Pictures whose data is not what it should be.
  private(set) var unreadable: [PictureRequest] = []

  /// - Parameter kinds: What the store has of each point.
  init(_ contents: ReportContents, kinds: [PointKey: Set<PictureKind>], show: ShownRun) {
    self.show = show
    let isUsual = contents.configurations.allSatisfy {
      $0.configuration.architecture.input == Architecture.usualInput
    }
    if !isUsual || contents.sweeps.contains(where: { $0.dataset == "fashion-mnist" }) {
      labels = .classes
    }
    for configuration in contents.configurations.map(\.configuration) {
      let completed = contents.completed(configuration).sorted {
        ($0.loss ?? .infinity, $0.key) < ($1.loss ?? .infinity, $1.key)
      }
      for kind in PictureKind.allCases {
        let having = completed.filter { kinds[$0.key]?.contains(kind) ?? false }
        guard let run = show.choose(having) else { continue }
        choices[kind, default: [:]][configuration] = Choice(
          run: run, among: having.count, completed: completed.count)
      }
    }
  }

  /// What is to be read of the store, in a fixed order.
  var wanted: [PictureRequest] {
    choices.sorted { $0.key < $1.key }.flatMap { kind, runs in
      runs.values.map(\.run.key).sorted().map { PictureRequest(key: $0, kind: kind) }
    }
  }

  mutating func add(_ data: [UInt8], for request: PictureRequest) {
    guard let read = NamedArrays(data: data) else {
      unreadable.append(request)
      return
    }
    arrays[request] = read
    for name in ["labels", "digits_labels", "cloud_labels"] {
      if let own = read.bytes(name, rank: 1), own.values.contains(where: { $0 > 9 }) {
        labels = .classes
      }
    }
  }

  func picture(_ kind: PictureKind, of configuration: Configuration) -> ShownPicture? {
    guard let choice = choices[kind]?[configuration],
      let arrays = arrays[PictureRequest(key: choice.run.key, kind: kind)]
    else { return nil }
    return ShownPicture(
      configuration: configuration, run: choice.run, among: choice.among,
      completed: choice.completed, show: show, arrays: arrays)
  }

  var isEmpty: Bool { arrays.isEmpty }
}
