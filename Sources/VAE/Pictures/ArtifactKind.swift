/// What can be kept of a run apart from its outcome.
///
/// The raw value is the artifact's name: in the store, on the wire, and for a picture in a sweep file.
/// None changes the result or the key, so that each may be asked for later, and comes by replay then. A
/// run that diverged has none.
package enum ArtifactKind: Hashable, Sendable {
  case picture(PictureKind)
  /// The likelihood of the test images, as the bytes of `Likelihood.arrays`; with sampling only.
  case likelihood(Likelihood.Effort)

  package static let codes = ArtifactKind.picture(.codes)
  package static let samples = ArtifactKind.picture(.samples)
  package static let reconstructions = ArtifactKind.picture(.reconstructions)
  package static let trajectories = ArtifactKind.picture(.trajectories)
  /// Every kind of picture.
  package static let allPictures = Set(PictureKind.allCases.map(ArtifactKind.picture))
  /// How many kinds a sweep may ask for of one point.
  package static let mostOfPoint = PictureKind.allCases.count + 1
  /// What the names of all likelihoods begin with.
  package static let likelihoodPrefix = "likelihood:"

  /// The picture, where it is one.
  package var picture: PictureKind? {
    if case .picture(let kind) = self { kind } else { nil }
  }

  /// Whether a run of this shape can give it.
  package func applies(latentDim: Int, sampling: Bool) -> Bool {
    switch self {
    case .picture(let kind): kind.applies(latentDim: latentDim, sampling: sampling)
    case .likelihood: sampling
    }
  }
}

extension ArtifactKind: RawRepresentable {
  package var rawValue: String {
    switch self {
    case .picture(let kind): kind.rawValue
    case .likelihood(let effort):
      "\(Self.likelihoodPrefix)\(effort.draws)" + (effort.images.map { ":\($0)" } ?? "")
    }
  }

  package init?(rawValue: String) {
    if let kind = PictureKind(rawValue: rawValue) {
      self = .picture(kind)
      return
    }
    guard rawValue.hasPrefix(Self.likelihoodPrefix) else { return nil }
    let parts = rawValue.dropFirst(Self.likelihoodPrefix.count)
      .split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let draws = parts[0],
      let effort = Likelihood.Effort(checking: draws, images: parts.count == 2 ? parts[1] : nil),
      parts.count == 1 || effort.images != nil
    else { return nil }
    self = .likelihood(effort)
    // Of one effort there is one name: no sign, no leading zero.
    guard self.rawValue == rawValue else { return nil }
  }
}

extension ArtifactKind: Comparable {
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The data of what is kept of a run, apart from the outcome: the bytes of `NamedArrays`.
package struct Artifact: Hashable, Sendable {
  /// Bytes of all artifacts of one point together, at the most.
  package static let largestTotal = 1 << 20

  package let kind: ArtifactKind
  package let data: [UInt8]

  package init(kind: ArtifactKind, data: [UInt8]) {
    self.kind = kind
    self.data = data
  }
}
