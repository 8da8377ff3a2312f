import Compute
import Dataset
import Testing
import VAE

@Suite("The study's measures")
struct MeasureTests {
  private func measures() throws -> MeasureGolden { try golden("measures") }

  @Test("the mean distance to a normal vector equals its closed form")
  func meanDistance() throws {
    for golden in try measures().distances {
      let own = NormalDistance(dimension: golden.dimension).mean(squaredNorm: golden.squaredNorm)
      #expect(
        abs(own / golden.mean - 1) < 1e-11,
        "d \(golden.dimension), |v|² \(golden.squaredNorm): \(own), \(golden.mean)")
    }
    #expect(NormalDistance(dimension: 2).mean(squaredNorm: .infinity).isNaN)
  }

  @Test("energy distances equal NumPy's, raw and whitened")
  func energies() throws {
    for golden in try measures().energies {
      let points = PointCloud(golden.points, dimension: golden.dimension)
      #expect(points.count == golden.count)
      let raw = try #require(points.energyDistanceToNormal)
      #expect(abs(raw - golden.raw) < 2e-6, "d \(golden.dimension): \(raw), \(golden.raw)")
      try #require(points.gaussian).whiten(points)
      let whitened = try #require(points.energyDistanceToNormal)
      #expect(
        abs(whitened - golden.whitened) < 2e-6,
        "d \(golden.dimension): \(whitened), \(golden.whitened)")
    }
  }

  @Test("normal points have an energy distance of 0 in the mean, and shifted ones have not")
  func nullDistance() throws {
    let stream = RandomStream(name: "null", seed: 1, architecture: "")
    let arena = Arena(count: Arena.size(rows: 500, columns: 2))
    let rows = arena.takeMatrix(rows: 500, columns: 2)
    var distances: [Double] = []
    for draw in 0..<200 {
      stream.fillNormal(rows, firstRow: 500 * draw, z: 0)
      let points = PointCloud(count: 500, dimension: 2)
      points.set(rows, from: 0)
      distances.append(try #require(points.energyDistanceToNormal))
    }
    let n = Double(distances.count)
    let mean = distances.reduce(0, +) / n
    let sd = Scalar.sqrt(distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1))
    #expect(abs(mean) < 3 * sd / Scalar.sqrt(n), "\(mean) of \(sd)")
    #expect(distances.contains { $0 < 0 })
    for i in 0..<500 { rows.row(i)[0] += 1 }
    let shifted = PointCloud(count: 500, dimension: 2)
    shifted.set(rows, from: 0)
    #expect(try #require(shifted.energyDistanceToNormal) > 0.2)
  }

  @Test("codes that lie in a plane, or are not finite, have no whitened distance")
  func singular() {
    let flat = PointCloud((0..<90).map { Float($0 / 3 * ($0 % 3 + 1) % 7) }, dimension: 3)
    for i in 0..<30 { flat.coordinate(2)[i] = flat.coordinate(0)[i] - 2 * flat.coordinate(1)[i] }
    #expect(flat.gaussian == nil)
    #expect(flat.energyDistanceToNormal != nil)
    flat.coordinate(1)[7] = .nan
    #expect(flat.gaussian == nil)
    #expect(flat.energyDistanceToNormal == nil)
    #expect(PointCloud([1, 2], dimension: 2).energyDistanceToNormal == nil)
  }

  @Test("a fitted Gaussian gives draws of the mean and covariance it was fitted to")
  func fitted() throws {
    let golden = try #require(try measures().energies.first { $0.dimension == 3 })
    let points = PointCloud(golden.points, dimension: 3)
    let gaussian = try #require(points.gaussian)
    let copy = PointCloud(golden.points, dimension: 3)
    gaussian.whiten(copy)
    let arena = Arena(count: Arena.size(rows: copy.count, columns: 3))
    let rows = arena.takeMatrix(rows: copy.count, columns: 3)
    for i in 0..<copy.count { for k in 0..<3 { rows.row(i)[k] = copy.coordinate(k)[i] } }
    gaussian.colour(rows)
    for i in 0..<copy.count {
      for k in 0..<3 { #expect(abs(rows.row(i)[k] - points.coordinate(k)[i]) < 1e-4) }
    }
  }

  @Test("density and coverage equal the authors' own package", arguments: [true, false])
  func neighbours(wide: Bool) throws {
    for golden in try measures().neighbours {
      let products = DenseProducts(wide: wide)
      let real = PointRows(golden.real, dimension: golden.dimension)
      let made = PointRows(golden.made, dimension: golden.dimension)
      let radii = try #require(squaredNeighbourDistances(real, k: 5, products) { true })
      let own = try #require(
        densityAndCoverage(of: made, real: real, squaredRadii: radii, k: 5, products) { true })
      #expect(abs(own.density - golden.density) < 1e-9)
      #expect(abs(own.coverage - golden.coverage) < 1e-9)
      #expect(squaredNeighbourDistances(real, k: 5, products) { false } == nil)
      made.points.row(0)[1] = .infinity
      #expect(
        densityAndCoverage(of: made, real: real, squaredRadii: radii, k: 5, products) { true }
          == nil)
    }
  }
}

@Suite("The reference of generated images")
struct ImageReferenceTests {
  private let golden: MeasureGolden.Images
  private let dataset: Dataset

  init() throws {
    golden = try VAETests.golden("measures", as: MeasureGolden.self).images
    let (train, test) = (golden.train, golden.test)
    dataset = Dataset(
      name: "blobs", digest: "blobs",
      train: ImageSet(
        inMemory: BlobImages.bytes(stream: 1, count: train),
        labels: [UInt8](repeating: 0, count: train)),
      test: ImageSet(
        inMemory: BlobImages.bytes(stream: 2, count: test),
        labels: [UInt8](repeating: 0, count: test)))
  }

  private func made(_ reference: ImageReference, _ products: DenseProducts) throws -> PointRows {
    let bytes = BlobImages.bytes(stream: 3, count: golden.test)
    let images = CentredImages(mean: reference.mean, capacity: golden.test)
    let points = PointRows(count: golden.test, dimension: reference.components)
    bytes.withUnsafeBufferPointer { bytes in
      guard let bytes = bytes.baseAddress else { return }
      reference.project(images.load(bytes, 0..<golden.test), into: points, from: 0, products)
    }
    return points
  }

  @Test("equals scikit-learn's principal components and the authors' density and coverage")
  func againstScikitLearn() throws {
    let products = DenseProducts()
    let reference = try #require(ImageReference.make(dataset, products) { true })
    #expect(reference.components == 50)
    for (i, norm) in golden.squaredNorms.enumerated() {
      let row = reference.real.points.row(i)
      let own = (0..<50).reduce(0.0) { $0 + Double(row[$1]) * Double(row[$1]) }
      #expect(abs(own / norm - 1) < 1e-4, "\(own), \(norm)")
    }
    let made = try made(reference, products)
    for (place, expected) in golden.squaredDistances.enumerated() {
      let (a, b) = (reference.real.points.row(place / 20), made.points.row(place % 20))
      let own = (0..<50).reduce(0.0) { $0 + Double(a[$1] - b[$1]) * Double(a[$1] - b[$1]) }
      #expect(abs(own - expected) < 1e-3 * max(1, expected))
    }
    let measured = try #require(
      densityAndCoverage(
        of: made, real: reference.real, squaredRadii: reference.squaredRadii, k: 5, products
      ) { true })
    // A single ball that holds a point more or less is 1/(5 · 310).
    #expect(abs(measured.density - golden.density) < 0.002)
    #expect(abs(measured.coverage - golden.coverage) < 0.004)
  }

  @Test("has the variances of the components that scikit-learn gives")
  func eigenvalues() throws {
    let pixels = try #require(dataset.train.pixels.baseAddress)
    let covariance = try #require(
      CentredImages.covariance(
        pixels, count: golden.train, width: 784, DenseProducts()
      ) { true })
    let found = try #require(leadingEigenvectors(of: covariance.products, n: 784, count: 50))
    for (own, expected) in zip(found.values, golden.eigenvalues) {
      #expect(abs(own / Double(golden.train - 1) / expected - 1) < 1e-5)
    }
    for (a, first) in found.vectors.enumerated() {
      for (b, second) in found.vectors.enumerated() {
        let product = zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (a == b ? 1 : 0)) < 1e-9)
      }
    }
  }

  @Test("is the same in registers of eight and of sixteen floats")
  func sameBits() throws {
    let references = try [true, false].map {
      try #require(ImageReference.make(dataset, DenseProducts(wide: $0)) { true })
    }
    #expect(references[0].squaredRadii == references[1].squaredRadii)
    #expect(references[0].mean == references[1].mean)
    for i in 0..<golden.test {
      for j in 0..<50 {
        #expect(references[0].real.points.row(i)[j] == references[1].real.points.row(i)[j])
      }
    }
  }

  @Test("has fewer components than there are training images, zero where nothing varies")
  func fewImages() throws {
    let bytes = BlobImages.bytes(stream: 1, count: 7)
    let labels = [UInt8](repeating: 0, count: 7)
    let few = Dataset(
      name: "few", digest: "few", train: ImageSet(inMemory: bytes, labels: labels),
      test: ImageSet(inMemory: bytes, labels: labels))
    let reference = try #require(ImageReference.make(few, DenseProducts()) { true })
    #expect(reference.components == 6)
    #expect(reference.squaredRadii.allSatisfy { $0.isFinite && $0 > 0 })
    let same = Dataset(
      name: "same", digest: "same", train: dataset.train,
      test: ImageSet(inMemory: bytes.prefix(5 * 784), labels: labels.prefix(5)))
    #expect(ImageReference.of(same, DenseProducts()) { true } == nil)
    #expect(ImageReference.of(dataset, DenseProducts()) { false } == nil)
  }
}
