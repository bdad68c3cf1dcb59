namespace Millrace;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCodes
{
    /// <summary>Done; a job that was waited for has finished.</summary>
    public const int Success = 0;

    /// <summary>It did not work; a job that was waited for failed or was canceled.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong; nothing was tried.</summary>
    public const int WrongUsage = 2;
}
