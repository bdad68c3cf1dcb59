using System.Text.RegularExpressions;
using Millrace.Repository;

namespace Millrace.Leftovers;

/// <summary>No tracked file names a path or a user of the machine it was written on.</summary>
internal sealed partial class MachineTraces
{
    public IEnumerable<Finding> Check(SourceTree tree) =>
        from file in tree.Files
        where file.IsText && !file.IsUnder("tests/Tidy/Leftovers")
        from line in file.Lines.Index()
        from trace in MachinePath().Matches(line.Item)
        select new Finding(
            file.Path, line.Index + 1, $"'{trace.Value}' is a path of one machine: take it from a setting.");

    // Only at the start of a path: ".../work/..." inside an address or a longer path is somebody's ordinary folder.
    [GeneratedRegex(
        @"(?<![\w.~*}\])-])(?:/(?:work|root|farm)/|/tmp/bash_jobs|/home/(?!site/)\w+/|/Users/\w+/|[A-Z]:\\Users\\)")]
    private static partial Regex MachinePath();
}
