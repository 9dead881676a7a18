import Foundation

/// The repository stands alone: it names no folder or server of the machine that it was written on.
///
/// A line about `LAB`, the optional laboratory of CONTRIBUTING.md, may say where it usually is.
struct RepositoryRule {
    /// Put together here, so that this file does not hold what it looks for.
    var needles: [String] = [
        ".." + "/shared", "/wo" + "rk/", "/opt" + "/swift", "/opt" + "/wheels", "/ro" + "ot/", "instead" + "Of",
        "find-" + "links", "index-" + "url", "trusted-" + "host",
    ]

    func complaints(in tree: SourceTree) -> [Complaint] {
        tree.files.flatMap { file in
            needles.filter { file.text.localizedStandardContains($0) }.flatMap { needle in
                file.lines.enumerated().filter { _, line in
                    line.localizedStandardContains(needle) && !line.contains("LAB=")
                }.map { line in
                    file.complaint(
                        line.offset + 1, "\"\(needle)\" names something outside the repository",
                        "Use a setting, a path below the repository, or $HOME.")
                }
            }
        }
    }
}
