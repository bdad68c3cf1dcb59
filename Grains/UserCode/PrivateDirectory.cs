namespace Millrace.UserCode;

/// <summary>
/// Directories of the user who runs the process: others can neither plant code there nor be in the way.
/// </summary>
internal static class PrivateDirectory
{
    /// <summary>The default place for something of that name; below the user's own data, or where the process runs
    /// when the user has no home.</summary>
    public static string Named(string name)
    {
        string own = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(own.Length > 0 ? own : AppContext.BaseDirectory, "millrace", name);
    }
}
