namespace Millrace.Jobs;

/// <summary>Where the code of a job is found.</summary>
/// <param name="Kind">How <paramref name="Location"/> is read.</param>
/// <param name="Location">Id of the package in the package store, or the key of a program of this process.</param>
/// <param name="EntryClass">Full name of the class that implements <c>IStreamJob</c>.</param>
[GenerateSerializer, Immutable, Alias("millrace.ProgramReference")]
public sealed record ProgramReference(
    [property: Id(0)] ProgramKind Kind,
    [property: Id(1)] string Location,
    [property: Id(2)] string EntryClass);

/// <summary>How the location of a program is read.</summary>
public enum ProgramKind
{
    /// <summary>A job package in the package store.</summary>
    Package,

    /// <summary>A program that the process itself holds; only silos in that process can run it.</summary>
    InProcess,
}
