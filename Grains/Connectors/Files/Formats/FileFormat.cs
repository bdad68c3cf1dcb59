using Millrace.Failures;

namespace Millrace.Connectors.Files.Formats;

/// <summary>A kind of file, for records of any type.</summary>
internal abstract class FileFormat
{
    /// <summary>How the names of such files end, with the dot.</summary>
    public abstract string Extension { get; }

    /// <summary>Looks at a type of records, and returns what makes a format for it, once per writer.</summary>
    /// <exception cref="InvalidProgramGraphException">Such records cannot be written so; names the member.</exception>
    public abstract Func<IRecordFormat<T>> For<T>();
}
