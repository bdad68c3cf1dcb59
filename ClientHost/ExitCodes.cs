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

    /// <summary>The cluster has stopped answering: what was asked of it may have happened, and a job that was waited
    /// for may still run.</summary>
    public const int Unknown = 3;
}
