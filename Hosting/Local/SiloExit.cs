namespace Millrace.Local;

/// <summary>What the exit code of a silo's process says.</summary>
internal static class SiloExit
{
    /// <summary>It was asked to stop.</summary>
    public const int Stopped = 0;

    /// <summary>It did not start, or something ended it.</summary>
    public const int Failed = 1;

    /// <summary>Its settings cannot work; the last line of its log says which, and what is needed.</summary>
    public const int WrongConfiguration = 2;
}
