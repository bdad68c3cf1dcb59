using System.Globalization;
using Millrace.Functions;
using Millrace.Programs;

namespace Millrace.Examples.Nexmark.Reading;

/// <summary>A small file of keys and values, one <c>key,value</c> on each line.</summary>
internal static class SideInput
{
    private const string Argument = "side-input";
    private const string DefaultFile = "side-input.csv";

    /// <summary>Reads the file that the job's arguments name. A relative path counts from where the job was
    /// submitted.</summary>
    /// <exception cref="JobArgumentException">There is no such file, or a line of it is none of these.</exception>
    public static Dictionary<long, string> Read(RuntimeContext context)
    {
        string path = context.Arguments.Has(Argument)
            ? Path.GetFullPath(context.Arguments[Argument], context.WorkingDirectory)
            : Path.Combine(Path.GetDirectoryName(typeof(SideInput).Assembly.Location)!, DefaultFile);
        if (!File.Exists(path))
        {
            throw new JobArgumentException(Argument, $"The argument '--{Argument}' names '{path}', which is no file.");
        }

        Dictionary<long, string> values = [];
        foreach (string line in File.ReadLines(path))
        {
            int comma = line.IndexOf(',', StringComparison.Ordinal);
            if (comma < 0 || !long.TryParse(line.AsSpan(0, comma), CultureInfo.InvariantCulture, out long key))
            {
                throw new JobArgumentException(
                    Argument, $"'{path}' has the line '{line}'; a number, a comma and a value are needed.");
            }

            values[key] = line[(comma + 1)..];
        }

        return values;
    }
}
