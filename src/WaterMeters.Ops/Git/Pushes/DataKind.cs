namespace WaterMeters.Ops.Git.Pushes;

/// <summary>What a changed file is.</summary>
internal enum DataKind
{
    /// <summary>No training data.</summary>
    None,

    /// <summary>A photo in the folder images of a data set.</summary>
    Photo,

    /// <summary>A mask in the folder masks of a data set.</summary>
    Mask,

    /// <summary>A photo in the folder of the data set, but in neither images nor masks.</summary>
    NotInDataset,

    /// <summary>An image that the checks do not read: of another format, hidden or temporary.</summary>
    NotRead,

    /// <summary>A .dvc file: a version of a folder or file.</summary>
    DvcFile,

    /// <summary>A file of the stored split, which goes where its photos go.</summary>
    Split,

    /// <summary>A submodule where the data set is.</summary>
    Submodule,

    /// <summary>A symbolic link where the data set is: photos elsewhere would be training data.</summary>
    Link,
}
