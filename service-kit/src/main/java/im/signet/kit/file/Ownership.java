package im.signet.kit.file;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Whose files are: an operator may give commands as root beside a server that runs as a user of its own, and what they make
 * for it has to be that user's. Follows no link, so that nobody else's file is given away.
 */
public final class Ownership {

    private static final int ROOT = 0;

    private Ownership() {}

    /**
     * Gives what root has just made to the owner and the group of the folder that it lies in. Does nothing for other users,
     * who cannot give files away, and whose they are already.
     */
    public static void likeFolder(Path made) throws IOException {
        Path folder = made.toAbsolutePath().getParent();
        if (folder != null && Files.getAttribute(made, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(ROOT)) {
            like(Files.readAttributes(folder, PosixFileAttributes.class), made);
        }
    }

    /** Gives a file the owner and the group that another has, where it has others. */
    public static void like(PosixFileAttributes other, Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class,
                LinkOption.NOFOLLOW_LINKS);
        PosixFileAttributes now = view.readAttributes();
        // The group first: who has given a file away may not be allowed to change it any more.
        if (!now.group().equals(other.group())) {
            view.setGroup(other.group());
        }
        if (!now.owner().equals(other.owner())) {
            view.setOwner(other.owner());
        }
    }

    /** Makes sure that a folder exists; it and whatever parents it lacked are their owner's alone. */
    public static void createFolders(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            createFolders(parent);
        }
        try {
            Files.createDirectory(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException taken) {
            if (Files.isDirectory(folder)) {
                return; // another process was faster
            }
            throw taken;
        }
        likeFolder(folder);
    }
}
