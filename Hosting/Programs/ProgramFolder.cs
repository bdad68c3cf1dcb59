using Millrace.UserCode;
using Millrace.UserCode.Packages;

namespace Millrace.Programs;

/// <summary>A program ready to be packed. Disposing it deletes what was made for it: a published copy, unpacked
/// files.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private readonly string? _temporary;

    /// <param name="folder">Has the program in it.</param>
    /// <param name="mainAssembly">Simple name, or null when the folder has one program.</param>
    /// <param name="temporary">Deleted at the end, or null.</param>
    public ProgramFolder(string folder, string? mainAssembly, string? temporary = null)
    {
        Folder = folder;
        MainAssembly = mainAssembly;
        _temporary = temporary;
    }

    /// <summary>Has the program in it.</summary>
    public string Folder { get; }

    /// <summary>Simple name, or null when the folder has one program.</summary>
    public string? MainAssembly { get; }

    /// <summary>Packs the program. The package reads from the folder, so it must not outlive this.</summary>
    public JobPackage Pack(UserCodeOptions options) => JobPackage.OfFolder(Folder, MainAssembly, options);

    public void Dispose()
    {
        if (_temporary is not null && Directory.Exists(_temporary))
        {
            Directory.Delete(_temporary, recursive: true);
        }
    }
}
