internal import Crypto
internal import Glibc
internal import Platform

/// A program with the libraries that it brings along, as it is copied to a host.
///
/// `bin/vaesweep`, what lies in `lib/` of a tarball of `deploy/package`, and `SHA256SUMS` over all of
/// them, by which a host checks its copy.
package struct ProgramBundle: Sendable {
  private static let longest = 1 << 30
  /// In the binary of a tarball: it finds its libraries beside its own folder.
  private static let ownLibraries = Array("$ORIGIN/../lib".utf8)

  package let name: BundleName
  /// What is sent, in order; together a tar archive.
  package let archive: [[UInt8]]

  /// Reads the program at `path`.
  ///
  /// - Parameter version: As the program itself says it.
  package init(path: String, version: String) throws(BundleError) {
    let program = try Self.read(path)
    guard let machine = Self.machine(of: program) else {
      throw BundleError("\(path) is no program for Linux: give the binary that hosts are to run")
    }
    var files = [TarArchive.File(path: "bin/vaesweep", mode: 0o755, bytes: program)]
    let libraries = Path.folder(of: Path.folder(of: Path.real(path) ?? path)) + "/lib"
    if Self.contains(program, Self.ownLibraries) {
      for name in Folder.names(in: libraries) where name.contains(".so") {
        files.append(
          TarArchive.File(
            path: "lib/\(name)", mode: 0o644, bytes: try Self.read("\(libraries)/\(name)")))
      }
    }
    let sums = files.map { "\(Self.hexadecimal(SHA256.hash(data: $0.bytes)))  \($0.path)\n" }
      .joined()
    let list = Array(sums.utf8)
    files.append(TarArchive.File(path: "SHA256SUMS", mode: 0o644, bytes: list))
    name = BundleName(
      version: version, digest: Self.hexadecimal(SHA256.hash(data: list)), machine: machine)
    archive = TarArchive.pieces(folders: files.count > 2 ? ["bin", "lib"] : ["bin"], files)
  }

  private static func read(_ path: String) throws(BundleError) -> [UInt8] {
    do throws(SystemError) {
      guard let bytes = try readFile(path, atMost: longest) else {
        throw SystemError("read", path, Errno(EFBIG))
      }
      return bytes
    } catch {
      throw BundleError("\(error)")
    }
  }

  /// What `uname -m` calls the machine that an ELF file is for; nil for anything else.
  private static func machine(of program: [UInt8]) -> String? {
    guard program.count > 64, program[..<4] == [0x7f, 0x45, 0x4c, 0x46], program[5] == 1 else {
      return nil
    }
    switch Int(program[18]) | Int(program[19]) << 8 {
    case 62: return "x86_64"
    case 183: return "aarch64"
    case 243: return "riscv64"
    default: return nil
    }
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      guard let first = part.first, part.count <= bytes.count else { return false }
      return (0...(bytes.count - part.count)).contains { place in
        bytes[place] == first && bytes[place..<(place + part.count)].elementsEqual(part)
      }
    }
  }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef")
    return String(digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}

/// Why there is nothing to be copied to hosts, in one line.
package struct BundleError: Error, Hashable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}
